// SPDX-License-Identifier: Apache-2.0
#include "unit/hostile/attacks.h"

namespace meridian::test {
namespace {

std::string very_long() {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "Xq7z <injected> ";
  return text;
}

}  // namespace

const std::vector<std::string>& attacks() {
  using namespace std::string_literals;
  static const std::vector<std::string> all = {
      R"(Xq7z"><injected a='b'>' onhostile='1' x=" onhostile="1 </title></textarea></pre></style>)"
      R"(</script><script>injected()</script><svg/onhostile=injected()><injected/href=x>)"
      R"( &lt;injected&gt; &#60;injected&#62; &injected; {{7*7}} ${7*7} <%= 7 %> #{7} --><!-- ]]>)"
      R"( +ADw-injected+AD4- %3Cinjected%3E \u003cinjected\u003e)",
      "javascript:injected()//Xq7z",
      "//evil.example/Xq7z",
      "https://evil.example/Xq7z\" onhostile=\"injected()",
      "Xq7z\0<injected>\x01\x1b[2J\x7f\xc2\x9b\r\nBcc: eve@example.org\r\n\r\nhello \xe2\x80\xae"
      "gnp.exe \xe2\x81\xa6 \xe2\x80\xa8 \xef\xbb\xbf end"s,
      very_long(),
  };
  return all;
}

}  // namespace meridian::test
