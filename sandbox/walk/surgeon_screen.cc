// SPDX-License-Identifier: Apache-2.0
#include "walk/surgeon_screen.h"

#include <stdexcept>

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NameValueCollection.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

namespace meridian::sandbox {
namespace {

namespace net = Poco::Net;

/// The address of the page's frame.
std::string frame_in(const std::string& page) {
  const std::string begin = "src=\"";
  const auto from = page.find(begin, page.find("<iframe"));
  if (from == std::string::npos) return {};
  const auto start = from + begin.size();
  auto address = page.substr(start, page.find('"', start) - start);
  for (auto at = address.find("&amp;"); at != std::string::npos;
       at = address.find("&amp;", at + 1)) {
    address.erase(at + 1, 4);
  }
  return address;
}

/// One window: it keeps cookies and goes where it is sent.
class Window {
 public:
  /// The page in the end; "" when there is none.
  std::string go(Poco::URI place) {
    constexpr int most_steps = 8;
    for (int step = 0; step < most_steps; ++step) {
      net::HTTPClientSession session(place.getHost(), place.getPort());
      net::HTTPRequest request("GET", place.getPathAndQuery(), net::HTTPMessage::HTTP_1_1);
      request.setCookies(cookies_);
      session.sendRequest(request);
      net::HTTPResponse response;
      std::string page;
      Poco::StreamCopier::copyToString(session.receiveResponse(response), page);
      if (response.getStatus() == net::HTTPResponse::HTTP_OK) return page;
      if (!response.has("Location")) return {};
      std::vector<net::HTTPCookie> set;
      response.getCookies(set);
      for (const auto& cookie : set) cookies_.set(cookie.getName(), cookie.getValue());
      place.resolve(response.get("Location"));
    }
    return {};
  }

 private:
  net::NameValueCollection cookies_;
};

}  // namespace

std::string ehr_page(const Town& town, std::size_t hospital, const std::string& patient) {
  const auto& at = town.hospitals().at(hospital);
  if (at.server == nullptr) return {};
  const auto base = at.site.base();
  return base.substr(0, base.rfind('/')) + "/ehr" + (patient.empty() ? "" : "/chart/" + patient) +
         "?app=" + town.meridian_page() + "/smart/launch";
}

std::string view_in_chart(const std::string& chart) {
  try {
    Window window;
    const auto frame = frame_in(window.go(Poco::URI(chart)));
    return frame.empty() ? std::string() : window.go(Poco::URI(frame));
  } catch (const Poco::Exception& problem) {
    throw std::runtime_error("GET " + chart + ": " + problem.displayText());
  }
}

}  // namespace meridian::sandbox
