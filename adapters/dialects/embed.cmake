# SPDX-License-Identifier: Apache-2.0
# cmake -DOUT=file.cc "-DFILES=a.json;b.json" -DHEADER=x.h -DNAMESPACE=x -P embed.cmake: dialects as one C++ file.
set(rows "")
foreach(file IN LISTS FILES)
  cmake_path(GET file STEM LAST_ONLY id)
  file(READ ${file} text)
  string(APPEND rows "    {\"${id}\", R\"dialect(${text})dialect\"},\n")
endforeach()
list(LENGTH FILES count)
file(WRITE ${OUT}
"// SPDX-License-Identifier: Apache-2.0
// Made from files of adapters/dialects by embed.cmake.
#include \"${HEADER}\"

namespace meridian::${NAMESPACE} {

const DialectFile dialect_files[] = {
${rows}};
const std::size_t dialect_file_count = ${count};

}  // namespace meridian::${NAMESPACE}
")
