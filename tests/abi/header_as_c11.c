/* SPDX-License-Identifier: Apache-2.0 */
/* The header stands alone in C11, twice, and its functions have C types. */
#include "meridian.h"

uint32_t (*const header_as_c11_version)(void) = 0;
typedef void (*header_as_c11_close)(meridian_runtime*);
_Static_assert(sizeof(header_as_c11_close) == sizeof &meridian_close, "a C function");
_Static_assert(sizeof(enum meridian_status) == 4, "statuses travel as int32_t");
