/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An engine that hands orders to the plugin and delivers what the plugin wants sent, told on
 * standard output so that a test can compare what was promised with what is there after the process
 * was killed. engine_story PLUGIN CONFIG DIRECTORY tell MESSAGE  hands in and delivers until all is
 * delivered engine_story PLUGIN CONFIG DIRECTORY look MESSAGE  says which messages are there
 * MESSAGE is an order, as JSON; it is handed in under several ids, as an engine that was restarted
 * does. A clinic "clinic" of CONFIG is delivered to by this engine.
 */
#include <string.h>

#include "host.h"

enum { MESSAGES = 5 };

static const char* const fhir = "application/fhir+json";

static void tell(const char* what, const char* whom) {
  printf("%s %s\n", what, whom);
  fflush(stdout);
}

static void hand_in(meridian_runtime* runtime, const char* order) {
  for (int number = 0; number < MESSAGES; ++number) {
    char id[32];
    snprintf(id, sizeof id, "message-%d", number);
    NEED(host_submit(runtime, "hospital", id, fhir, order) == MERIDIAN_OK);
    tell("kept", id);
  }
}

/* Another body under the same id is refused exactly when the first one is there. */
static void look(meridian_runtime* runtime) {
  for (int number = 0; number < MESSAGES; ++number) {
    char id[32];
    snprintf(id, sizeof id, "message-%d", number);
    const int32_t status =
        host_submit(runtime, "hospital", id, fhir, "{\"resourceType\":\"Basic\"}");
    NEED(status == MERIDIAN_OK || status == MERIDIAN_CONFLICT);
    if (status == MERIDIAN_CONFLICT) tell("holds", id);
  }
}

/* The plugin itself says that the clinic has the referral and that nothing waits to be sent. It may
   wait again a moment later: that the clinic has it is then told to the hospital. */
static int is_delivered(meridian_runtime* runtime) {
  NEED(plugin.query(runtime, host_text("referrals"), host_sink()) == MERIDIAN_OK);
  return strstr(said.body, "\"state\":\"delivered\"") && strstr(said.body, "\"queued\":0");
}

static void deliver(meridian_runtime* runtime) {
  int delivered = is_delivered(runtime);
  for (int tries = 0; tries < 3000 && !delivered; ++tries, delivered = is_delivered(runtime)) {
    meridian_claim claim = {.struct_size = sizeof claim};
    const int32_t status = plugin.take(runtime, host_text("clinic"), &claim, host_sink());
    NEED(status == MERIDIAN_OK || status == MERIDIAN_NOT_FOUND);
    if (status == MERIDIAN_NOT_FOUND) {
      host_rest();
      continue;
    }
    tell(claim.maybe_arrived ? "sent-again" : "sent", (const char*)claim.key);
    NEED(plugin.settle(runtime, &claim, MERIDIAN_DELIVERED, host_text("Task/1")) == MERIDIAN_OK);
  }
  NEED(delivered);
}

int main(int count, char** arguments) {
  if (count != 6) return 2;
  host_load(arguments[1]);
  const char* config = host_read_file(arguments[2]);
  const char* order = host_read_file(arguments[5]);
  meridian_runtime* runtime = NULL;
  NEED(plugin.open(host_text(config), host_text(arguments[3]), host_sink(), &runtime) ==
       MERIDIAN_OK);
  if (strcmp(arguments[4], "look") == 0) {
    look(runtime);
  } else {
    hand_in(runtime, order);
    deliver(runtime);
  }
  plugin.close(runtime);
  return 0;
}
