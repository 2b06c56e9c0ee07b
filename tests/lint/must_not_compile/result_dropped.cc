// SPDX-License-Identifier: Apache-2.0
// A result that nobody looks at hides an error.
#include "base/result.h"

meridian::Result<int> answer();

int use() {
#ifdef WRONG
  answer();
  return 0;
#else
  return answer() ? 1 : 0;
#endif
}
