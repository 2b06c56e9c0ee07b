// SPDX-License-Identifier: Apache-2.0
// libmeridian_jni.so: the C ABI of meridian.so for the jar, as bytes. Text never crosses as a Java
// string: JNI's own UTF-8 writes NUL and characters beyond the BMP otherwise (JNI specification,
// "Modified UTF-8 Strings"). No reference to a Java object is kept, so nothing pins a class loader.
#include <array>
#include <cstdint>
#include <cstring>
#include <dlfcn.h>
#include <initializer_list>
#include <jni.h>
#include <string>
#include <string_view>

#include "meridian.h"

namespace {

/// The functions of meridian.so. Written once, by load(), before any other call: the jar sees to
/// it.
struct Library {
  decltype(&meridian_abi_version) abi_version;
  decltype(&meridian_open_embedded) open;
  decltype(&meridian_submit) submit;
  decltype(&meridian_take) take;
  decltype(&meridian_settle) settle;
  decltype(&meridian_health) health;
  decltype(&meridian_close) close;
};
Library library;

constexpr std::uint32_t needed_minor = 1;  ///< of meridian_open_embedded

/// Null counts as empty.
std::string bytes_of(JNIEnv* java, jbyteArray array) {
  if (array == nullptr) return {};
  std::string bytes(static_cast<std::size_t>(java->GetArrayLength(array)), '\0');
  java->GetByteArrayRegion(array, 0, static_cast<jsize>(bytes.size()),
                           reinterpret_cast<jbyte*>(bytes.data()));
  return bytes;
}

std::string member_of(JNIEnv* java, jobjectArray arrays, jsize index) {
  const auto member = static_cast<jbyteArray>(java->GetObjectArrayElement(arrays, index));
  auto bytes = bytes_of(java, member);
  java->DeleteLocalRef(member);
  return bytes;
}

/// A Java exception is pending when there was no memory for it.
jbyteArray array_of(JNIEnv* java, std::string_view bytes) {
  const auto size = static_cast<jsize>(bytes.size());
  const auto array = java->NewByteArray(size);
  if (array != nullptr) {
    java->SetByteArrayRegion(array, 0, size, reinterpret_cast<const jbyte*>(bytes.data()));
  }
  return array;
}

void put(JNIEnv* java, jobjectArray into, std::initializer_list<std::string_view> all) {
  jsize index = 0;
  for (const auto& bytes : all) {
    const auto array = array_of(java, bytes);
    if (array == nullptr) return;
    java->SetObjectArrayElement(into, index++, array);
    java->DeleteLocalRef(array);
  }
}

meridian_bytes view(const std::string& bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

/// What Meridian said last in one call.
struct Said {
  std::string media_type;
  std::string body;
  bool lost = false;  ///< there was no memory for it

  meridian_sink sink() { return {sizeof(meridian_sink), 0, this, keep}; }

 private:
  static void keep(void* context, std::int32_t, meridian_bytes media_type, meridian_bytes body) {
    auto& said = *static_cast<Said*>(context);
    try {  // nothing may unwind through the caller
      said.media_type.assign(reinterpret_cast<const char*>(media_type.data), media_type.size);
      said.body.assign(reinterpret_cast<const char*>(body.data), body.size);
    } catch (...) {
      said.lost = true;
    }
  }
};

/// Runs one call; no C++ exception reaches the JVM.
template <typename Body>
jint guarded(Body body) noexcept {
  try {
    return body();
  } catch (...) {  // of memory: nothing else throws here
    return MERIDIAN_INTERNAL;
  }
}

template <std::size_t N>
std::string_view text_in(const std::uint8_t (&field)[N]) {
  const auto* text = reinterpret_cast<const char*>(field);
  return {text, strnlen(text, N)};
}

template <typename Function>
bool find(void* handle, const char* name, Function& into) {
  into = reinterpret_cast<Function>(dlsym(handle, name));
  return into != nullptr;
}

bool find_all(void* handle) {
  return find(handle, "meridian_abi_version", library.abi_version) &&
         library.abi_version() / 65536 == MERIDIAN_ABI_MAJOR &&
         library.abi_version() % 65536 >= needed_minor &&
         find(handle, "meridian_open_embedded", library.open) &&
         find(handle, "meridian_submit", library.submit) &&
         find(handle, "meridian_take", library.take) &&
         find(handle, "meridian_settle", library.settle) &&
         find(handle, "meridian_health", library.health) &&
         find(handle, "meridian_close", library.close);
}

meridian_runtime* runtime_of(jlong handle) {
  return reinterpret_cast<meridian_runtime*>(handle);
}

}  // namespace

// Named as JNI looks them up, for `native` methods of meridian.engine.Native; said there.
extern "C" {

JNIEXPORT jbyteArray JNICALL Java_meridian_engine_Native_load(JNIEnv* java, jclass,
                                                              jbyteArray path) {
  std::string wrong;
  guarded([&] {
    void* handle = dlopen(bytes_of(java, path).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
      wrong = dlerror();
    } else if (!find_all(handle)) {
      wrong = "not a Meridian of ABI 1.1 or later";
    }
    return MERIDIAN_OK;
  });
  return wrong.empty() ? nullptr : array_of(java, wrong);
}

JNIEXPORT jint JNICALL Java_meridian_engine_Native_open(JNIEnv* java, jclass, jbyteArray config,
                                                        jbyteArray directory, jlongArray runtime,
                                                        jobjectArray said) {
  return guarded([&] {
    Said kept;
    const auto sink = kept.sink();
    meridian_runtime* opened = nullptr;
    const auto text = bytes_of(java, config);
    const auto folder = bytes_of(java, directory);
    const auto status = library.open(view(text), view(folder), &sink, &opened);
    const auto handle = reinterpret_cast<jlong>(opened);
    java->SetLongArrayRegion(runtime, 0, 1, &handle);
    put(java, said, {kept.media_type, kept.body});
    return status;
  });
}

JNIEXPORT jint JNICALL Java_meridian_engine_Native_submit(JNIEnv* java, jclass, jlong runtime,
                                                          jobjectArray message, jobjectArray said) {
  return guarded([&] {
    Said kept;
    const auto sink = kept.sink();
    std::array<std::string, 4> part;  // source, id, media type, body
    for (std::size_t i = 0; i < part.size(); ++i) {
      part[i] = member_of(java, message, static_cast<jsize>(i));
    }
    const meridian_message given = {sizeof given, 0, view(part[0]), view(part[1]), view(part[2]),
                                    view(part[3])};
    const auto status = library.submit(runtime_of(runtime), &given, &sink);
    put(java, said, {kept.media_type, kept.body});
    return status;
  });
}

JNIEXPORT jint JNICALL Java_meridian_engine_Native_take(JNIEnv* java, jclass, jlong runtime,
                                                        jbyteArray destination, jlongArray numbers,
                                                        jobjectArray said) {
  return guarded([&] {
    Said kept;
    const auto sink = kept.sink();
    const auto name = bytes_of(java, destination);
    meridian_claim claim = {};
    claim.struct_size = sizeof claim;
    const auto status = library.take(runtime_of(runtime), view(name), &claim, &sink);
    // Claimed, but not handed over: it is claimed anew when the lease has ended.
    if (kept.lost) return static_cast<std::int32_t>(MERIDIAN_INTERNAL);
    const std::array<jlong, 3> all = {claim.number, claim.attempts, claim.maybe_arrived};
    java->SetLongArrayRegion(numbers, 0, static_cast<jsize>(all.size()), all.data());
    put(java, said,
        {kept.media_type, kept.body, text_in(claim.lease), text_in(claim.referral),
         text_in(claim.key)});
    return status;
  });
}

JNIEXPORT jint JNICALL Java_meridian_engine_Native_settle(JNIEnv* java, jclass, jlong runtime,
                                                          jlong number, jint settlement,
                                                          jobjectArray words) {
  return guarded([&] {
    const auto lease = member_of(java, words, 0);
    const auto receipt = member_of(java, words, 1);
    meridian_claim claim = {};
    claim.struct_size = sizeof claim;
    claim.number = number;
    if (lease.size() > sizeof claim.lease) return static_cast<std::int32_t>(MERIDIAN_STALE);
    std::memcpy(claim.lease, lease.data(), lease.size());
    return library.settle(runtime_of(runtime), &claim, settlement, view(receipt));
  });
}

JNIEXPORT jint JNICALL Java_meridian_engine_Native_health(JNIEnv* java, jclass, jlong runtime,
                                                          jobjectArray said) {
  return guarded([&] {
    Said kept;
    const auto sink = kept.sink();
    const auto status = library.health(runtime_of(runtime), &sink);
    put(java, said, {kept.media_type, kept.body});
    return status;
  });
}

JNIEXPORT void JNICALL Java_meridian_engine_Native_close(JNIEnv*, jclass, jlong runtime) {
  library.close(runtime_of(runtime));
}

}  // extern "C"
