# SPDX-License-Identifier: Apache-2.0
# cmake -DOUT=file.cc -DFILE=words.json -DNAME=inbox_words_file -P embed.cmake: a catalogue, or a script, as a C++ constant.
file(READ ${FILE} text)
file(WRITE ${OUT}
"// SPDX-License-Identifier: Apache-2.0
// Made from a file of plugin/web by embed.cmake.
#include <string_view>

namespace meridian::web {

extern const std::string_view ${NAME};
const std::string_view ${NAME} = R\"json(${text})json\";

}  // namespace meridian::web
")
