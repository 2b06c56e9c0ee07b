# SPDX-License-Identifier: Apache-2.0
# Flags, and the functions that every folder's CMakeLists.txt calls.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(MERIDIAN_ROOT ${CMAKE_CURRENT_SOURCE_DIR})

find_program(MERIDIAN_CCACHE ccache)
if(MERIDIAN_CCACHE)
  # Every folder that this tree is in has the others' objects: paths count from its root. Precompiled
  # headers need the time macros and their own mtime and place to be ignored.
  set(MERIDIAN_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_NOHASHDIR=true CCACHE_BASEDIR=${MERIDIAN_ROOT} CCACHE_PCH_EXTSUM=true
      "CCACHE_IGNOREOPTIONS=-Xclang ${CMAKE_BINARY_DIR}/*" ${MERIDIAN_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${MERIDIAN_LAUNCHER})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${MERIDIAN_LAUNCHER})
endif()
# A precompiled header ties an object to its build folder. Folders other than the presets' own are
# side builds of the same tree: without it they take each other's objects from the cache.
if(NOT CMAKE_BINARY_DIR MATCHES "/build/(dev|release|tsan)$")
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()

find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)

add_library(meridian_flags INTERFACE)
target_compile_options(meridian_flags INTERFACE
  -fPIC  # the same for programs and libraries, so that all share one precompiled header
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wconversion -Wno-sign-conversion
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>  # both for ccache
  "$<$<COMPILE_LANG_AND_ID:CXX,Clang>:SHELL:-Xclang -fno-pch-timestamp>")
if(MERIDIAN_SANITIZE)
  target_compile_options(meridian_flags INTERFACE
    -fsanitize=${MERIDIAN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
    $<IF:$<BOOL:$<TARGET_PROPERTY:MERIDIAN_UNOPTIMISED>>,-O0,-O1>  # see meridian_library
    -fno-sanitize=null,alignment  # a fifth of the time of compiling; ASan reports the access through null
    $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-fno-sanitize=pointer-overflow  # RapidJSON adds to null: its empty stack
    -fno-sanitize=function>)  # Clang 14 cannot write what it needs for handlers of Asio
  string(REPLACE ",fuzzer-no-link" "" link_sanitize "${MERIDIAN_SANITIZE}")
  target_link_options(meridian_flags INTERFACE -fsanitize=${link_sanitize})
  if(MERIDIAN_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(meridian_flags INTERFACE -Wno-tsan  # Asio's fences
      -Wno-array-bounds -Wno-stringop-overread)  # false positives in GCC's own library
  endif()
endif()
# GCC 12 reports false positives of these in its own library when it optimises.
target_compile_options(meridian_flags INTERFACE
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow>
  $<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<NOT:$<CONFIG:Debug>>>:-Wno-array-bounds -Wno-stringop-overread>)
target_compile_options(meridian_flags INTERFACE  # RapidJSON compares its iterators so
  $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-Wno-ambiguous-reversed-operator>)
target_compile_definitions(meridian_flags INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ERROR_CODE_HEADER_ONLY RAPIDJSON_HAS_STDSTRING=1
  $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)

# The model is many short strings: with glibc's allocator a third of the time of reading an event's
# bundle goes into them, and mimalloc reads it in 0.73 of that time (tests/bench/normalize_bench.cc).
# Nothing names it, so the linker is told to keep it. Programs only: a host of the plugin has its own
# allocator, and the sanitizers bring theirs.
add_library(meridian_allocator INTERFACE)
if(NOT MERIDIAN_SANITIZE)
  find_package(mimalloc 2.0 REQUIRED)
  target_link_libraries(meridian_allocator INTERFACE
    -Wl,--push-state,--no-as-needed mimalloc -Wl,--pop-state)
endif()

# A precompiled header of Clang's works only in the folder that it was made in, and its bytes name that
# folder: it is no file for the cache, and ccache takes those of the file written here for its own.
function(meridian_pch_stays_here name)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    set_target_properties(${name} PROPERTIES CXX_COMPILER_LAUNCHER "")
    get_target_property(headers ${name} PRECOMPILE_HEADERS)
    file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${name}.dir/cmake_pch.hxx.pch.sum @ONLY
      CONTENT "@headers@ @CMAKE_CXX_COMPILER_VERSION@ @MERIDIAN_SANITIZE@ @CMAKE_BUILD_TYPE@")
  endif()
endfunction()

# The standard library as a precompiled header, one for optimised and one for unoptimised targets.
file(WRITE ${CMAKE_BINARY_DIR}/pch.cc "// Holds the precompiled header.\n")
foreach(pch meridian_pch meridian_unoptimised_pch)
  add_library(${pch} STATIC ${CMAKE_BINARY_DIR}/pch.cc)
  target_link_libraries(${pch} PUBLIC meridian_flags)
  target_precompile_headers(${pch} PRIVATE
    <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory> <optional> <set> <span> <string>
    <string_view> <unordered_map> <utility> <variant> <vector>)
  meridian_pch_stays_here(${pch})
endforeach()
set_property(TARGET meridian_unoptimised_pch PROPERTY MERIDIAN_UNOPTIMISED ON)

# Poco's targets define macros (_FILE_OFFSET_BITS, _XOPEN_SOURCE) that a header compiled without them
# does not fit: whoever uses Poco compiles without a precompiled header.
function(meridian_precompile name pch)
  if(NOT pch STREQUAL "meridian_pch")
    set_property(TARGET ${name} PROPERTY MERIDIAN_UNOPTIMISED ON)
  endif()
  if("${ARGN}" MATCHES "Poco::")
    set_target_properties(${name} PROPERTIES DISABLE_PRECOMPILE_HEADERS ON)
  else()
    target_precompile_headers(${name} REUSE_FROM ${pch})
  endif()
endfunction()

# meridian_library(NAME SRCS a.cc b.cc DEPS other ... PRIVATE_DEPS third::party ...)
# A static library of one folder. DEPS are what its headers may include. UNOPTIMISED: it mostly waits,
# so that a sanitized build compiles it as it compiles tests, in half the time.
function(meridian_library name)
  cmake_parse_arguments(arg "UNOPTIMISED" "" "SRCS;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(${name} STATIC ${arg_SRCS})
  target_include_directories(${name} PUBLIC ${MERIDIAN_ROOT}/plugin ${MERIDIAN_ROOT}/adapters)
  target_link_libraries(${name} PUBLIC meridian_flags ${arg_DEPS} PRIVATE ${arg_PRIVATE_DEPS})
  set(pch meridian_pch)
  if(arg_UNOPTIMISED)
    set(pch meridian_unoptimised_pch)
  endif()
  meridian_precompile(${name} ${pch} ${arg_DEPS} ${arg_PRIVATE_DEPS})
endfunction()

# meridian_program(NAME SRCS ... DEPS ...)
function(meridian_program name)
  cmake_parse_arguments(arg "" "" "SRCS;DEPS" ${ARGN})
  add_executable(${name} ${arg_SRCS})
  target_link_libraries(${name} PRIVATE meridian_flags meridian_allocator ${arg_DEPS})
  meridian_precompile(${name} meridian_pch ${arg_DEPS})
endfunction()
