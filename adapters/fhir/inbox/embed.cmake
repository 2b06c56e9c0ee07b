# SPDX-License-Identifier: Apache-2.0
# cmake -DOUT=file.cc -DFILE=codes.json -P embed.cmake: the reasons of a decline as a C++ constant.
file(READ ${FILE} text)
file(WRITE ${OUT}
"// SPDX-License-Identifier: Apache-2.0
// Made from fhir-profiles/guide by embed.cmake.
#include \"fhir/inbox/reasons.h\"

namespace meridian::fhir {

const std::string_view reasons_file = R\"json(${text})json\";

}  // namespace meridian::fhir
")
