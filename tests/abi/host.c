/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "host.h"

#include <dlfcn.h>
#include <string.h>
#include <time.h>

struct host_plugin plugin;
struct host_said said;

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

const meridian_sink* host_sink(void) {
  static meridian_sink sink = {sizeof(meridian_sink), 0, &said, listen};
  said.calls = 0;
  said.body[0] = '\0';
  return &sink;
}

meridian_bytes host_text(const char* characters) {
  return (meridian_bytes){(const uint8_t*)characters, strlen(characters)};
}

char* host_read_file(const char* path) {
  static char files[3][1 << 20];
  static int next;
  FILE* file = fopen(path, "rb");
  NEED(file != NULL && next < 3);
  char* into = files[next++];
  into[fread(into, 1, sizeof files[0] - 1, file)] = '\0';
  fclose(file);
  return into;
}

void host_rest(void) {
  const struct timespec a_moment = {0, 20 * 1000 * 1000};
  nanosleep(&a_moment, NULL);
}

void host_load(const char* path) {
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) fprintf(stderr, "%s\n", dlerror());
  NEED(library != NULL);
#define FIND(name)                                           \
  *(void**)&plugin.name = dlsym(library, "meridian_" #name); \
  NEED(plugin.name != NULL)
  FIND(abi_version);
  FIND(open);
  FIND(open_embedded);
  FIND(submit);
  FIND(take);
  FIND(settle);
  FIND(query);
  FIND(health);
  FIND(reload);
  FIND(close);
  NEED(plugin.abi_version() / 65536 == MERIDIAN_ABI_MAJOR);
}

int32_t host_submit(meridian_runtime* runtime, const char* source, const char* id,
                    const char* media_type, const char* body) {
  const meridian_message message = {
      sizeof message, 0, host_text(source), host_text(id), host_text(media_type), host_text(body)};
  return plugin.submit(runtime, &message, host_sink());
}
