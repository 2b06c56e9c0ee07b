/* SPDX-License-Identifier: Apache-2.0 */
/* Linked into a meridian.so for the tests: it reads and writes where nothing is while it converts
 * one certain message, as a parser with a fault would. */
#define _GNU_SOURCE
#include <string.h>

static const char poison[] = "TheMessageThatKills";
static volatile int* volatile nowhere = (volatile int*)16;

#define CONVERT(name)                                                                             \
  void __real_##name(void*, void*, char**, const char*, const char**, const char*, void*, void*,  \
                     void*, const void*, signed char, signed char, int*);                         \
  void __wrap_##name(void* to, void* from, char** target, const char* target_end,                 \
                     const char** source, const char* source_end, void* p1, void* p2, void* p3,   \
                     const void* p4, signed char reset, signed char flush, int* status) {         \
    if (memmem(*source, source_end - *source, poison, sizeof poison - 1) != NULL) {               \
      *nowhere = 1;                                                                               \
    }                                                                                             \
    __real_##name(to, from, target, target_end, source, source_end, p1, p2, p3, p4, reset, flush, \
                  status);                                                                        \
  }
#define CONVERT_OF(name) CONVERT(name)
CONVERT_OF(ICU_CONVERT)
