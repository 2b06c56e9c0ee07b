/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded into `meridian serve`: the process dies while it reads one certain message, as if a
 * parser had a fault. ICU is what a message in another character set is read with, and nothing else
 * here. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const char poison[] = "TheMessageThatKills";

#define CONVERT(name)                                                                              \
  void name(void* to, void* from, char** target, const char* target_end, const char** source,      \
            const char* source_end, void* p1, void* p2, void* p3, const void* p4,                  \
            signed char reset, signed char flush, int* status) {                                   \
    if (memmem(*source, source_end - *source, poison, sizeof poison - 1) != NULL) {                \
      kill(getpid(), SIGKILL);                                                                     \
    }                                                                                              \
    ((__typeof__(&name))dlsym(RTLD_NEXT, #name))(to, from, target, target_end, source, source_end, \
                                                 p1, p2, p3, p4, reset, flush, status);            \
  }
#define CONVERT_OF(name) CONVERT(name)
CONVERT_OF(ICU_CONVERT)
