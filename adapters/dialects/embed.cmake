# SPDX-License-Identifier: Apache-2.0
# cmake -DOUT=file.cc "-DFILES=a.json;b.json" -P embed.cmake: the dialects as one C++ file.
set(rows "")
foreach(file IN LISTS FILES)
  cmake_path(GET file STEM id)
  file(READ ${file} text)
  string(APPEND rows "    {\"${id}\", R\"dialect(${text})dialect\"},\n")
endforeach()
list(LENGTH FILES count)
file(WRITE ${OUT}
"// SPDX-License-Identifier: Apache-2.0
// Made from adapters/dialects/*.json by embed.cmake.
#include \"fhir/exchange/dialect_files.h\"

namespace meridian::fhir {

const DialectFile dialect_files[] = {
${rows}};
const std::size_t dialect_file_count = ${count};

}  // namespace meridian::fhir
")
