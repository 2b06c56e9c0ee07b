# SPDX-License-Identifier: Apache-2.0
# cmake -DOUT=file.cc -DFILE=statement.json -P embed.cmake: the capability statement as a C++ constant.
file(READ ${FILE} text)
file(WRITE ${OUT}
"// SPDX-License-Identifier: Apache-2.0
// Made from fhir-profiles/guide by embed.cmake.
#include \"fhir/endpoint/statement.h\"

namespace meridian::fhir {

const std::string_view statement_file = R\"json(${text})json\";

}  // namespace meridian::fhir
")
