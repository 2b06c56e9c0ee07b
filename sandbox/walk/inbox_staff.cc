// SPDX-License-Identifier: Apache-2.0
#include "walk/inbox_staff.h"

#include "base/one_time_code.h"

namespace meridian::sandbox {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// The text between two marks; empty when they are not there.
std::string between(const std::string& page, const std::string& begin, const std::string& end) {
  const auto from = page.find(begin);
  if (from == std::string::npos) return {};
  const auto to = page.find(end, from + begin.size());
  if (to == std::string::npos) return {};
  return page.substr(from + begin.size(), to - from - begin.size());
}

std::string hidden_field(const std::string& page, const std::string& name) {
  return between(page, "name=\"" + name + "\" value=\"", "\"");
}

/// A form as a browser sends it (application/x-www-form-urlencoded).
std::string form_of(const Fields& fields) {
  constexpr const char* digits = "0123456789ABCDEF";
  std::string form;
  const auto add = [&](const std::string& text) {
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) {
        form += c;
      } else {
        form += '%';
        form += digits[byte >> 4];
        form += digits[byte & 15];
      }
    }
  };
  for (const auto& [name, value] : fields) {
    if (!form.empty()) form += '&';
    add(name);
    form += '=';
    add(value);
  }
  return form;
}

/// What an authenticator app reads (RFC 4648); blanks do not count.
std::string bytes_of(const std::string& key) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string bytes;
  unsigned held = 0;
  int bits = 0;
  for (const char c : key) {
    const auto value = letters.find(c);
    if (value == std::string_view::npos) continue;
    held = (held << 5 | static_cast<unsigned>(value)) & 0xFFFF;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(held >> bits & 0xFF);
  }
  return bytes;
}

}  // namespace

bool InboxStaff::enrol() {
  const auto path = between(invited_.link + "\n", town_.meridian_page(), "\n");
  std::string page;
  if (get(path).find("<form") == std::string::npos) return false;
  if (post(path, {{"begin", "1"}}, &page) != 200) return false;
  const Fields password = {{"password", password_}, {"again", password_}};
  if (post(path, password, &page) != 200) return false;
  const auto key = bytes_of(between(page, "<p class=\"key\">", "</p>"));
  const auto code = one_time_code(key, code_step(system_now()));
  if (post(path, {{"code", code}}, &page) != 200) return false;
  auto list = between(page, "<ul class=\"codes\">", "</ul>");
  for (auto one = between(list, "<li>", "</li>"); !one.empty();
       one = between(list, "<li>", "</li>")) {
    recoveries_.push_back(one);
    list.erase(0, list.find("</li>") + 5);
  }
  tell("opens her link, chooses a password and shows a code of her phone");
  return !recoveries_.empty();
}

bool InboxStaff::sign_in() {
  const Answer answer = fetch({"POST", town_.meridian_page() + "/sign-in",
                               form_of({{"next", "/inbox"},
                                        {"email", email()},
                                        {"password", password_},
                                        {"code", recovery_codes(1)}}),
                               "application/x-www-form-urlencoded"});
  recoveries_.pop_back();
  cookie_ = answer.cookie;
  return answer.status == 303 && !cookie_.empty();
}

bool InboxStaff::lists(const std::string& referral, std::chrono::milliseconds within) {
  return wait_for(within, [&] {
    town_.check_meridian();
    return get("/inbox").find("/inbox/" + referral) != std::string::npos;
  });
}

std::string InboxStaff::opens(const std::string& referral) {
  return get("/inbox/" + referral);
}

bool InboxStaff::says(const std::string& referral, const std::string& act, Fields fields) {
  const auto path = "/inbox/" + referral + "/" + act;
  const auto page = get(path);
  for (const char* name : {"token", "form", "version"}) {
    fields.emplace_back(name, hidden_field(page, name));
  }
  if (post(path, fields) != 303) return false;
  tell("fills in the form \"" + act + "\" of " + referral);
  return true;
}

std::string InboxStaff::recovery_codes(std::size_t most) const {
  std::string codes;
  const auto first = recoveries_.rbegin();
  for (auto code = first; code != recoveries_.rend() && code != first + std::ptrdiff_t(most);
       ++code) {
    codes += (codes.empty() ? "" : " or ") + *code;
  }
  return codes;
}

std::string InboxStaff::get(const std::string& path) const {
  const Answer answer =
      fetch({"GET", town_.meridian_page() + path, "", "text/html", "", "", cookie_});
  return answer.status == 200 ? answer.body : std::string();
}

int InboxStaff::post(const std::string& path, const Fields& fields, std::string* body) {
  Answer answer = fetch({"POST", town_.meridian_page() + path, form_of(fields),
                         "application/x-www-form-urlencoded", "", "", cookie_});
  if (body != nullptr) *body = std::move(answer.body);
  return answer.status;
}

void InboxStaff::tell(const std::string& what) {
  town_.story().tell("nurse", invited_.name + " " + what);
}

}  // namespace meridian::sandbox
