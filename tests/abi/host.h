/* SPDX-License-Identifier: Apache-2.0 */
/* What a host in plain C needs of the plugin: its functions, found by dlsym, and a sink that
 * listens. */
#ifndef MERIDIAN_TESTS_HOST_H
#define MERIDIAN_TESTS_HOST_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "meridian.h"

/* The functions of the plugin, by their names without the prefix. */
extern struct host_plugin {
  __typeof__(&meridian_abi_version) abi_version;
  __typeof__(&meridian_open) open;
  __typeof__(&meridian_open_embedded) open_embedded;
  __typeof__(&meridian_submit) submit;
  __typeof__(&meridian_take) take;
  __typeof__(&meridian_settle) settle;
  __typeof__(&meridian_query) query;
  __typeof__(&meridian_health) health;
  __typeof__(&meridian_reload) reload;
  __typeof__(&meridian_close) close;
} plugin;

/* What the sink was given last, and how often since the last call of host_sink. */
extern struct host_said {
  int calls;
  int32_t kind;
  char media_type[64];
  char body[1 << 20];
} said;

/* Ends the process and says where, unless the condition holds. */
#define NEED(condition)                                                                  \
  do {                                                                                   \
    if (!(condition)) {                                                                  \
      fprintf(stderr, "%s:%d: not so: %s\n  last: %s\n", __FILE__, __LINE__, #condition, \
              said.body);                                                                \
      exit(1);                                                                           \
    }                                                                                    \
  } while (0)

void host_load(const char* path);
const meridian_sink* host_sink(void);
meridian_bytes host_text(const char* characters);
/* The bytes of a file, ending in NUL; at most three files in a process. */
char* host_read_file(const char* path);
/* A short rest between two looks at what the runtime's threads do. */
void host_rest(void);
int32_t host_submit(meridian_runtime* runtime, const char* source, const char* id,
                    const char* media_type, const char* body);

#endif
