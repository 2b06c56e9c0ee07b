/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host of the plugin in plain C11 that uses every function of meridian.h.
 *   consumer PLUGIN CONFIG DIRECTORY MESSAGE
 * CONFIG names a hospital "hospital" and a clinic "clinic" that the host delivers to; MESSAGE is an
 * order of the hospital, as JSON. Everything runs on a thread with the stack that the ABI promises
 * to be enough. Exit status 0 when each call did what the header says.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "meridian.h"

#ifndef STACK_SIZE
#define STACK_SIZE (256 * 1024)
#endif

#define NEED(condition)                                                                      \
  do {                                                                                       \
    if (!(condition)) {                                                                      \
      fprintf(stderr, "line %d: not so: %s\n  last: %s\n", __LINE__, #condition, said.body); \
      exit(1);                                                                               \
    }                                                                                        \
  } while (0)

extern char** environ;

static __typeof__(&meridian_abi_version) abi_version;
static __typeof__(&meridian_open) open_runtime;
static __typeof__(&meridian_submit) submit;
static __typeof__(&meridian_take) take;
static __typeof__(&meridian_settle) settle;
static __typeof__(&meridian_query) query;
static __typeof__(&meridian_health) health;
static __typeof__(&meridian_close) close_runtime;

/* What the sink was given last, and how often. */
static struct {
  int calls;
  int32_t kind;
  char media_type[64];
  char body[1 << 20];
} said;

static void keep(char* into, size_t room, meridian_bytes bytes) {
  const size_t size = bytes.size < room - 1 ? (size_t)bytes.size : room - 1;
  if (size) memcpy(into, bytes.data, size);
  into[size] = '\0';
}

static void listen(void* context, int32_t kind, meridian_bytes media_type, meridian_bytes body) {
  if (context != &said) abort();
  ++said.calls;
  said.kind = kind;
  keep(said.media_type, sizeof said.media_type, media_type);
  keep(said.body, sizeof said.body, body);
}

static const meridian_sink* sink(void) {
  static meridian_sink the_sink = {sizeof(meridian_sink), 0, &said, listen};
  said.calls = 0;
  said.body[0] = '\0';
  return &the_sink;
}

static int outcome(void) {
  return said.calls == 1 && said.kind == MERIDIAN_OUTCOME &&
         strcmp(said.media_type, "application/fhir+json") == 0 &&
         strstr(said.body, "\"resourceType\":\"OperationOutcome\"") != NULL;
}

static meridian_bytes text(const char* characters) {
  return (meridian_bytes){(const uint8_t*)characters, strlen(characters)};
}

static char* read_file(const char* path) {
  FILE* file = fopen(path, "rb");
  NEED(file != NULL);
  static char files[2][1 << 20];
  static int next;
  char* into = files[next++];
  into[fread(into, 1, sizeof files[0] - 1, file)] = '\0';
  fclose(file);
  return into;
}

static void load(const char* path) {
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) fprintf(stderr, "%s\n", dlerror());
  NEED(library != NULL);
  *(void**)&abi_version = dlsym(library, "meridian_abi_version");
  *(void**)&open_runtime = dlsym(library, "meridian_open");
  *(void**)&submit = dlsym(library, "meridian_submit");
  *(void**)&take = dlsym(library, "meridian_take");
  *(void**)&settle = dlsym(library, "meridian_settle");
  *(void**)&query = dlsym(library, "meridian_query");
  *(void**)&health = dlsym(library, "meridian_health");
  *(void**)&close_runtime = dlsym(library, "meridian_close");
  NEED(abi_version && open_runtime && submit && take && settle && query && health && close_runtime);
  NEED(abi_version() / 65536 == MERIDIAN_ABI_MAJOR &&
       (int)(abi_version() % 65536) >= MERIDIAN_ABI_MINOR);
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
  NEED(open_runtime(text("[site]\nnmae = \"x\"\n"), text(directory), sink(), &runtime) ==
       MERIDIAN_MISCONFIGURED);
  NEED(runtime == NULL && outcome() && strstr(said.body, ":2") && strstr(said.body, "nmae"));
  NEED(open_runtime(text("not toml ="), text(directory), sink(), &runtime) ==
       MERIDIAN_MISCONFIGURED);
  NEED(open_runtime(text(""), text(directory), sink(), NULL) == MERIDIAN_INVALID && outcome());
  const meridian_bytes nothing = {NULL, 0};
  NEED(open_runtime(text("[["), nothing, NULL, &runtime) == MERIDIAN_MISCONFIGURED);
}

static meridian_runtime* open_well(const char* config, const char* directory) {
  meridian_runtime* runtime = NULL;
  NEED(open_runtime(text(config), text(directory), sink(), &runtime) == MERIDIAN_OK);
  NEED(runtime != NULL);
  return runtime;
}

static void one_runtime_per_database(const char* config, const char* directory) {
  meridian_runtime* second = NULL;
  NEED(open_runtime(text(config), text(directory), sink(), &second) == MERIDIAN_STORE_BUSY);
  NEED(second == NULL && outcome());
}

static int32_t hand_in(meridian_runtime* runtime, const char* source, const char* id,
                       const char* media_type, const char* body) {
  const meridian_message message = {sizeof message,   0,         text(source), text(id),
                                    text(media_type), text(body)};
  return submit(runtime, &message, sink());
}

static void hand_in_orders(meridian_runtime* runtime, const char* order) {
  static const char* fhir = "application/fhir+json";
  NEED(hand_in(runtime, "hospital", "order-1", fhir, order) == MERIDIAN_OK);
  NEED(said.calls == 1 && said.kind == MERIDIAN_ANSWER);
  char first[4096];
  snprintf(first, sizeof first, "%s", said.body);
  NEED(hand_in(runtime, "hospital", "order-1", fhir, order) == MERIDIAN_OK);
  NEED(said.kind == MERIDIAN_ANSWER && strcmp(first, said.body) == 0);
  NEED(hand_in(runtime, "hospital", "order-1", fhir, "{}") == MERIDIAN_CONFLICT && outcome());
  NEED(hand_in(runtime, "nobody", "order-2", fhir, order) == MERIDIAN_FORBIDDEN && outcome());
  NEED(hand_in(runtime, "hospital", "", fhir, order) == MERIDIAN_INVALID && outcome());
  NEED(hand_in(runtime, "hospital", "broken-1", fhir, "{\"resourceType\":") == MERIDIAN_OK);
  NEED(said.kind == MERIDIAN_ANSWER && strstr(said.body, "OperationOutcome"));
  NEED(hand_in(NULL, "hospital", "order-3", fhir, order) == MERIDIAN_INVALID);
  NEED(submit(runtime, NULL, sink()) == MERIDIAN_INVALID);
  const meridian_message old = {.struct_size = 8};
  NEED(submit(runtime, &old, sink()) == MERIDIAN_INVALID);
}

static void rest(void) {
  const struct timespec a_moment = {0, 20 * 1000 * 1000};
  nanosleep(&a_moment, NULL);
}

/* Asks until something is due for the clinic; the work on it is done by the runtime's threads. */
static meridian_claim take_when_due(meridian_runtime* runtime) {
  meridian_claim claim = {.struct_size = sizeof claim};
  int32_t status = MERIDIAN_NOT_FOUND;
  for (int tries = 0; tries < 3000 && status == MERIDIAN_NOT_FOUND; ++tries) {
    if (tries) rest();
    status = take(runtime, text("clinic"), &claim, sink());
  }
  NEED(status == MERIDIAN_OK);
  NEED(said.calls == 1 && said.kind == MERIDIAN_DELIVERY);
  NEED(strstr(said.body, "\"Bundle\"") && strstr(said.body, "ServiceRequest"));
  NEED(claim.number > 0 && claim.key[0] && claim.referral[0] && claim.lease[0]);
  return claim;
}

static void deliver(meridian_runtime* runtime) {
  meridian_claim claim = {.struct_size = sizeof claim};
  NEED(take(runtime, text("nowhere"), &claim, sink()) == MERIDIAN_NOT_FOUND && outcome());
  NEED(take(runtime, text("hospital"), &claim, sink()) == MERIDIAN_FORBIDDEN && outcome());
  NEED(take(runtime, text("clinic"), NULL, sink()) == MERIDIAN_INVALID);

  const meridian_claim first = take_when_due(runtime);
  NEED(first.attempts == 0 && first.maybe_arrived == 0);
  NEED(settle(runtime, &first, 99, text("")) == MERIDIAN_INVALID);
  NEED(settle(runtime, NULL, MERIDIAN_DELIVERED, text("")) == MERIDIAN_INVALID);
  NEED(settle(runtime, &first, MERIDIAN_TRY_AGAIN, text("")) == MERIDIAN_OK);

  const meridian_claim again = take_when_due(runtime);
  NEED(again.attempts == 1 && again.number == first.number);
  NEED(memcmp(again.key, first.key, sizeof first.key) == 0);
  NEED(settle(runtime, &again, MERIDIAN_DELIVERED, text("Task/1")) == MERIDIAN_OK);
  NEED(settle(runtime, &again, MERIDIAN_DELIVERED, text("Task/1")) == MERIDIAN_STALE);
}

static void ask(meridian_runtime* runtime) {
  NEED(query(runtime, text("referrals"), sink()) == MERIDIAN_OK);
  NEED(said.calls == 1 && said.kind == MERIDIAN_RESULT);
  NEED(strcmp(said.media_type, "application/json") == 0);
  NEED(strstr(said.body, "\"destination\":\"clinic\"") && strstr(said.body, "\"delivered\":1"));
  NEED(query(runtime, text("weather"), sink()) == MERIDIAN_NOT_FOUND && outcome());
  NEED(query(NULL, text("referrals"), sink()) == MERIDIAN_INVALID);
  NEED(health(runtime, sink()) == MERIDIAN_OK && said.kind == MERIDIAN_RESULT);
  NEED(strstr(said.body, "\"live\":true") && strstr(said.body, "\"quarantined\":1"));
  NEED(health(runtime, NULL) == MERIDIAN_OK && health(NULL, sink()) == MERIDIAN_INVALID);
}

static void* story(void* argument) {
  char** arguments = argument;
  const char* config = read_file(arguments[2]);
  const char* order = read_file(arguments[4]);
  load(arguments[1]);
  const struct surroundings before = look_around();

  refuse_to_open(arguments[3]);
  meridian_runtime* runtime = open_well(config, arguments[3]);
  one_runtime_per_database(config, arguments[3]);
  hand_in_orders(runtime, order);
  deliver(runtime);
  ask(runtime);
  close_runtime(runtime);
  close_runtime(NULL);

  runtime = open_well(config, arguments[3]);
  NEED(query(runtime, text("referrals"), sink()) == MERIDIAN_OK);
  NEED(strstr(said.body, "\"delivered\":1"));
  close_runtime(runtime);
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
