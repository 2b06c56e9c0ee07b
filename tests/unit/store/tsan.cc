// SPDX-License-Identifier: Apache-2.0
// SQLite is not built with ThreadSanitizer, so it cannot see SQLite's own locks on the shared
// memory of the log; only our code is judged.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "called_from_lib:libsqlite3.so\n";
}
