// SPDX-License-Identifier: Apache-2.0
// inbox_server REFERRAL.json [MANY]: the real pages over the real store on a free port of loopback,
// for a browser. willow has a dozen referrals, birch has MANY, cedar has none. The cookie
// meridian=willow-session signs a nurse of willow in.
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "fhir/exchange/fhir_renderer.h"
#include "http/server.h"
#include "packet/pdf.h"
#include "unit/inbox/site.h"

namespace meridian::test {
namespace {

struct Person {
  const char* given;
  const char* family;
  const char* priority = "routine";
  const char* question =
      "She wants to avoid another operation. Can you help with the ache at night?";
};

constexpr Person people[] = {
    {"Margarethe", "Oyelaran-Müller"},
    {"Maximiliana Theodora Alexandrina", "von Hohenlohe-Waldenburg-Schillingsfürst-Öttingen",
     "urgent"},
    {"ليلى", "الحَسَن"},
    {"Nguyễn Thị", "Minh Khai"},
    {"<script>alert(1)</script>", "O'Brien & \"Sons\"", "routine",
     "<img src=x onerror=alert(2)> Is this text?"},
    {"明", "王"},
    {"Rosa", "Alvarado"},
    {"Tom", "Birkeland"},
    {"Ada", "Nakamura"},
    {"Joris", "Vandermeulen"},
    {"Inês", "Figueiredo"},
    {"Samuel", "Okonkwo", "asap"},
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string quoted(std::string text) {
  return replaced(replaced(std::move(text), "\\", "\\\\"), "\"", "\\\"");
}

/// The file has one resource a line.
std::vector<std::string> lines_of(const std::string& records) {
  std::vector<std::string> resources;
  std::istringstream lines(records);
  for (std::string line; std::getline(lines, line);) {
    const auto begin = line.find('{');
    if (begin != std::string::npos)
      resources.push_back(line.substr(begin, line.rfind('}') + 1 - begin));
  }
  return resources;
}

/// One referral with everything that a packet may hold.
void refer(InboxSite& site, const std::string& records, const std::string& clinic, int n,
           const Person& person) {
  auto text = replaced(records, "{{n}}", std::to_string(n));
  text = replaced(text, "{{family}}", quoted(person.family));
  text = replaced(text, "{{given}}", quoted(person.given));
  text = replaced(text, "{{priority}}", person.priority);
  text = replaced(text, "{{question}}", quoted(person.question));
  auto screen = replaced(flow::answers(site.bench.now, {"pk.care", "pk.supplements"}),
                         "Patient/alder", "Patient/p" + std::to_string(n));
  screen = replaced(screen, "\"screen\"", "\"screen" + std::to_string(n) + "\"");
  auto resources = lines_of(text);
  site.bench.know({flow::receiver(clinic, 0)});
  const auto taken = site.bench.submit("ehr", "order/" + std::to_string(n),
                                       flow::bundle({resources[0], resources[1]}));
  resources.push_back(screen);
  site.bench.history->facts = flow::bundle(resources);
  if (!taken) std::cerr << "order " << n << " was not taken\n";
  site.bench.run();
}

int serve(const std::string& records, int many) {
  InboxSite site;
  for (auto& peer : site.bench.peers.list) {
    if (peer->id != "willow") continue;
    peer->renderer = std::make_unique<fhir::FhirRenderer>(
        std::make_shared<const fhir::Capabilities>(), packet::pdf_of);
  }
  int n = 0;
  for (const auto& person : people) refer(site, records, "willow", n++, person);
  for (int i = 0; i < many; ++i) {
    const auto family = "Patient-" + std::to_string(i);
    refer(site, records, "birch", n++, {"Ada", family.c_str(), i % 9 == 0 ? "urgent" : "routine"});
  }
  site.bench.pass(std::chrono::hours(26));
  boost::asio::io_context io;
  const auto work = boost::asio::make_work_guard(io);
  http::Server server(io, {}, site.routes());
  const auto port = server.start();
  if (!port) return 1;
  std::cout << "http://127.0.0.1:" << *port << std::endl;
  io.run();
  return 0;
}

}  // namespace
}  // namespace meridian::test

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  std::ifstream file(argv[1]);
  std::stringstream text;
  text << file.rdbuf();
  return meridian::test::serve(text.str(), argc > 2 ? std::atoi(argv[2]) : 0);
}
