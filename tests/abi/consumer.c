/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host of the plugin in plain C11 that uses every function of meridian.h.
 *   consumer PLUGIN CONFIG DIRECTORY MESSAGE
 * CONFIG names a hospital "hospital" and a clinic "clinic" that the host delivers to; MESSAGE is an
 * order of the hospital, as JSON. Everything runs on a thread with the stack that the ABI promises
 * to be enough. Exit status 0 when each call did what the header says.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "host.h"

/// Fontconfig keeps what it read of the machine's fonts until the program ends. For ASan builds.
const char* __lsan_default_suppressions(void);
const char* __lsan_default_suppressions(void) {
  return "leak:libfontconfig";
}

#ifndef STACK_SIZE
#define STACK_SIZE (256 * 1024)
#endif

extern char** environ;

static int outcome(void) {
  return said.calls == 1 && said.kind == MERIDIAN_OUTCOME &&
         strcmp(said.media_type, "application/fhir+json") == 0 &&
         strstr(said.body, "\"resourceType\":\"OperationOutcome\"") != NULL;
}

/* What belongs to the process and not to a plugin. */
struct surroundings {
  char locale[256];
  char directory[PATH_MAX];
  size_t environment;
  struct sigaction handlers[32];
  sigset_t blocked;
};

static struct surroundings look_around(void) {
  struct surroundings now;
  memset(&now, 0, sizeof now);
  snprintf(now.locale, sizeof now.locale, "%s", setlocale(LC_ALL, NULL));
  NEED(getcwd(now.directory, sizeof now.directory) != NULL);
  for (char** variable = environ; *variable; ++variable) {
    for (const char* at = *variable; *at; ++at)
      now.environment = now.environment * 31 + (size_t)*at;
  }
  for (int number = 1; number < 32; ++number) sigaction(number, NULL, &now.handlers[number]);
  pthread_sigmask(SIG_SETMASK, NULL, &now.blocked);
  return now;
}

static void need_same_surroundings(const struct surroundings* before) {
  const struct surroundings now = look_around();
  NEED(strcmp(now.locale, before->locale) == 0);
  NEED(strcmp(now.directory, before->directory) == 0);
  NEED(now.environment == before->environment);
  NEED(memcmp(&now.blocked, &before->blocked, sizeof now.blocked) == 0);
  for (int number = 1; number < 32; ++number) {
    NEED(now.handlers[number].sa_handler == before->handlers[number].sa_handler);
  }
}

static void refuse_to_open(const char* directory) {
  meridian_runtime* runtime = (meridian_runtime*)&said;
  NEED(plugin.open(host_text("[site]\nnmae = \"x\"\n"), host_text(directory), host_sink(),
                   &runtime) == MERIDIAN_MISCONFIGURED);
  NEED(runtime == NULL && outcome() && strstr(said.body, ":2") && strstr(said.body, "nmae"));
  NEED(plugin.open(host_text("not toml ="), host_text(directory), host_sink(), &runtime) ==
       MERIDIAN_MISCONFIGURED);
  NEED(plugin.open(host_text(""), host_text(directory), host_sink(), NULL) == MERIDIAN_INVALID &&
       outcome());
  const meridian_bytes nothing = {NULL, 0};
  NEED(plugin.open(host_text("[["), nothing, NULL, &runtime) == MERIDIAN_MISCONFIGURED);
}

static meridian_runtime* open_well(const char* config, const char* directory) {
  meridian_runtime* runtime = NULL;
  NEED(plugin.open(host_text(config), host_text(directory), host_sink(), &runtime) == MERIDIAN_OK);
  NEED(runtime != NULL);
  return runtime;
}

static void one_runtime_per_database(const char* config, const char* directory) {
  meridian_runtime* second = NULL;
  NEED(plugin.open(host_text(config), host_text(directory), host_sink(), &second) ==
       MERIDIAN_STORE_BUSY);
  NEED(second == NULL && outcome());
}

static void hand_in_orders(meridian_runtime* runtime, const char* order) {
  static const char* fhir = "application/fhir+json";
  NEED(host_submit(runtime, "hospital", "order-1", fhir, order) == MERIDIAN_OK);
  NEED(said.calls == 1 && said.kind == MERIDIAN_ANSWER);
  static char first[sizeof said.body];
  memcpy(first, said.body, sizeof first);
  NEED(host_submit(runtime, "hospital", "order-1", fhir, order) == MERIDIAN_OK);
  NEED(said.kind == MERIDIAN_ANSWER && strcmp(first, said.body) == 0);
  NEED(host_submit(runtime, "hospital", "order-1", fhir, "{}") == MERIDIAN_CONFLICT && outcome());
  NEED(host_submit(runtime, "nobody", "order-2", fhir, order) == MERIDIAN_FORBIDDEN && outcome());
  NEED(host_submit(runtime, "hospital", "", fhir, order) == MERIDIAN_INVALID && outcome());
  NEED(host_submit(runtime, "hospital", "broken-1", fhir, "{\"resourceType\":") == MERIDIAN_OK);
  NEED(said.kind == MERIDIAN_ANSWER && strstr(said.body, "OperationOutcome"));
  NEED(host_submit(NULL, "hospital", "order-3", fhir, order) == MERIDIAN_INVALID);
  NEED(plugin.submit(runtime, NULL, host_sink()) == MERIDIAN_INVALID);
  const meridian_message old = {.struct_size = 8};
  NEED(plugin.submit(runtime, &old, host_sink()) == MERIDIAN_INVALID);
}

/* Asks until something is due for the clinic; the work on it is done by the runtime's threads. */
static meridian_claim take_when_due(meridian_runtime* runtime) {
  meridian_claim claim = {.struct_size = sizeof claim};
  int32_t status = MERIDIAN_NOT_FOUND;
  for (int tries = 0; tries < 3000 && status == MERIDIAN_NOT_FOUND; ++tries) {
    if (tries) host_rest();
    status = plugin.take(runtime, host_text("clinic"), &claim, host_sink());
  }
  NEED(status == MERIDIAN_OK);
  NEED(said.calls == 1 && said.kind == MERIDIAN_DELIVERY);
  NEED(strstr(said.body, "\"Bundle\"") && strstr(said.body, "ServiceRequest"));
  NEED(claim.number > 0 && claim.key[0] && claim.referral[0] && claim.lease[0]);
  return claim;
}

/* A faulty configuration changes nothing; another one, here the same again, keeps what is open. */
static void reload(meridian_runtime* runtime, const char* config, const char* directory) {
  NEED(plugin.reload(runtime, host_text("nonsense = 1\n"), host_text(directory), host_sink()) ==
       MERIDIAN_MISCONFIGURED);
  NEED(outcome() && strstr(said.body, "nonsense"));
  NEED(plugin.health(runtime, host_sink()) == MERIDIAN_OK);
  NEED(strstr(said.body, "\"ready\":true") && !strstr(said.body, "\"configuration_refused\":\"\""));
  NEED(plugin.reload(NULL, host_text(config), host_text(directory), host_sink()) ==
       MERIDIAN_INVALID);
  NEED(plugin.reload(runtime, host_text(config), host_text(directory), host_sink()) == MERIDIAN_OK);
  NEED(plugin.health(runtime, host_sink()) == MERIDIAN_OK);
  NEED(strstr(said.body, "\"configuration_refused\":\"\""));
}

static void deliver(meridian_runtime* runtime, const char* config, const char* directory) {
  meridian_claim claim = {.struct_size = sizeof claim};
  NEED(plugin.take(runtime, host_text("nowhere"), &claim, host_sink()) == MERIDIAN_FORBIDDEN &&
       outcome());
  NEED(plugin.take(runtime, host_text("hospital"), &claim, host_sink()) == MERIDIAN_FORBIDDEN &&
       outcome());
  NEED(plugin.take(runtime, host_text("clinic"), NULL, host_sink()) == MERIDIAN_INVALID);

  const meridian_claim first = take_when_due(runtime);
  NEED(first.attempts == 0 && first.maybe_arrived == 0);
  NEED(plugin.settle(runtime, &first, 99, host_text("")) == MERIDIAN_INVALID);
  NEED(plugin.settle(runtime, NULL, MERIDIAN_DELIVERED, host_text("")) == MERIDIAN_INVALID);
  meridian_claim of_another = first;
  of_another.lease[0] ^= 1;
  NEED(plugin.settle(runtime, &of_another, MERIDIAN_DELIVERED, host_text("")) == MERIDIAN_STALE);
  NEED(plugin.settle(runtime, &first, MERIDIAN_TRY_AGAIN, host_text("")) == MERIDIAN_OK);

  const meridian_claim again = take_when_due(runtime);
  NEED(again.attempts == 1 && again.number == first.number);
  NEED(memcmp(again.key, first.key, sizeof first.key) == 0);
  reload(runtime, config, directory);
  NEED(plugin.settle(runtime, &again, MERIDIAN_DELIVERED, host_text("Task/1")) == MERIDIAN_OK);
  NEED(plugin.settle(runtime, &again, MERIDIAN_DELIVERED, host_text("Task/1")) == MERIDIAN_STALE);
}

static void ask(meridian_runtime* runtime) {
  NEED(plugin.query(runtime, host_text("referrals"), host_sink()) == MERIDIAN_OK);
  NEED(said.calls == 1 && said.kind == MERIDIAN_RESULT);
  NEED(strcmp(said.media_type, "application/json") == 0);
  NEED(strstr(said.body, "\"destination\":\"clinic\"") &&
       strstr(said.body, "\"state\":\"delivered\""));
  NEED(plugin.query(runtime, host_text("weather"), host_sink()) == MERIDIAN_NOT_FOUND && outcome());
  NEED(plugin.query(NULL, host_text("referrals"), host_sink()) == MERIDIAN_INVALID);
  NEED(plugin.health(runtime, host_sink()) == MERIDIAN_OK && said.kind == MERIDIAN_RESULT);
  NEED(strstr(said.body, "\"live\":true") && strstr(said.body, "\"quarantined\":1"));
  NEED(plugin.health(runtime, NULL) == MERIDIAN_OK &&
       plugin.health(NULL, host_sink()) == MERIDIAN_INVALID);
}

/* Nothing listens, and the messages go on. */
static void open_embedded(const char* config, const char* directory, const char* order) {
  meridian_runtime* runtime = NULL;
  NEED(plugin.open_embedded(host_text(config), host_text(directory), host_sink(), &runtime) ==
       MERIDIAN_MISCONFIGURED);
  NEED(runtime == NULL && outcome() && strstr(said.body, "public_url"));

  static char with_pages[1 << 16];
  const char* site = "[site]\npublic_url = \"https://pages.example\"\n";
  const char* mllp = "[[mllp]]\nlisten = \"127.0.0.1:0\"\nsource = \"hospital\"\n";
  snprintf(with_pages, sizeof with_pages, "%s%s%s", site, config, mllp);
  NEED(plugin.open_embedded(host_text(with_pages), host_text(directory), host_sink(), &runtime) ==
       MERIDIAN_OK);
  NEED(plugin.health(runtime, host_sink()) == MERIDIAN_OK);
  NEED(strstr(said.body, "\"ready\":true") && strstr(said.body, "\"url\":\"\""));
  NEED(strstr(said.body, "\"mllp\":[]"));
  NEED(host_submit(runtime, "hospital", "order-1", "application/fhir+json", order) == MERIDIAN_OK);
  plugin.close(runtime);
}

static void* story(void* argument) {
  char** arguments = argument;
  const char* config = host_read_file(arguments[2]);
  const char* order = host_read_file(arguments[4]);
  host_load(arguments[1]);
  NEED((int)(plugin.abi_version() % 65536) >= MERIDIAN_ABI_MINOR);
  const struct surroundings before = look_around();

  refuse_to_open(arguments[3]);
  meridian_runtime* runtime = open_well(config, arguments[3]);
  one_runtime_per_database(config, arguments[3]);
  hand_in_orders(runtime, order);
  deliver(runtime, config, arguments[3]);
  ask(runtime);
  plugin.close(runtime);
  plugin.close(NULL);

  runtime = open_well(config, arguments[3]);
  NEED(plugin.query(runtime, host_text("referrals"), host_sink()) == MERIDIAN_OK);
  NEED(strstr(said.body, "\"state\":\"delivered\""));
  plugin.close(runtime);
  open_embedded(config, arguments[3], order);
  need_same_surroundings(&before);
  return NULL;
}

int main(int count, char** arguments) {
  if (count != 5) return 2;
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  NEED(pthread_attr_setstacksize(&attributes, STACK_SIZE) == 0);
  NEED(pthread_create(&thread, &attributes, story, arguments) == 0);
  NEED(pthread_join(thread, NULL) == 0);
  puts("every function did what the header says");
  return 0;
}
