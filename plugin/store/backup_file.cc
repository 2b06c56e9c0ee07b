// SPDX-License-Identifier: Apache-2.0
#include "store/backup_file.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <unistd.h>

#include <openssl/evp.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "base/hash.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.backup";
constexpr std::string_view format = "meridian.backup/1 ";
constexpr std::size_t longest_head = 16'384;

class File {
 public:
  File(const std::string& path, int flags)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  bool open() const { return descriptor_ >= 0; }
  bool sync() const { return ::fsync(descriptor_) == 0; }

  bool write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto put = ::write(descriptor_, bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
  }
  /// Nothing on failure; empty at the end.
  std::optional<std::string_view> read(std::span<char> into) const {
    for (;;) {
      const auto got = ::read(descriptor_, into.data(), into.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return std::nullopt;
      return std::string_view(into.data(), static_cast<std::size_t>(got));
    }
  }

 private:
  int descriptor_;
};

/// SHA-256 of what comes in pieces.
class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }
  void add(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  std::string end() {
    Sha256 digest{};
    EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
    return hex(digest);
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

Error file_error(Literal what) {
  const auto code =
      errno == ENOSPC || errno == EDQUOT ? ErrorCode::store_full : ErrorCode::store_failed;
  return {code, where, what, errno};
}

Error no_backup() {
  return {ErrorCode::malformed, where, "the file is no backup of Meridian"};
}

/// Copies the rest of one file to another.
Result<void> copy_rest(const File& from, const File& to, Digest& digest, std::int64_t& bytes) {
  const auto buffer = std::make_unique<std::array<char, 1 << 16>>();
  for (;;) {
    const auto piece = from.read(*buffer);
    if (!piece) return file_error("the file cannot be read");
    if (piece->empty()) return {};
    digest.add(*piece);
    bytes += static_cast<std::int64_t>(piece->size());
    if (!to.write(*piece)) return file_error("the file cannot be written");
  }
}

std::string text_in(const rapidjson::Value& json, const char* name) {
  const auto found = json.FindMember(name);
  return found != json.MemberEnd() && found->value.IsString() ? found->value.GetString() : "";
}

std::int64_t number_in(const rapidjson::Value& json, const char* name) {
  const auto found = json.FindMember(name);
  return found != json.MemberEnd() && found->value.IsInt64() ? found->value.GetInt64() : 0;
}

Result<BackupHead> head_of(std::string_view line) {
  if (!line.starts_with(format)) return no_backup();
  line.remove_prefix(format.size());
  rapidjson::Document json;
  json.Parse(line.data(), line.size());
  if (json.HasParseError() || !json.IsObject()) return no_backup();
  const auto taken = parse_instant(text_in(json, "takenAt"));
  if (!taken) return no_backup();
  BackupHead head;
  head.taken_at = *taken;
  head.build = text_in(json, "build");
  head.node = text_in(json, "node");
  head.counts.messages = number_in(json, "messages");
  head.counts.referrals = number_in(json, "referrals");
  head.counts.queued = number_in(json, "queued");
  head.counts.ambiguous = number_in(json, "ambiguous");
  head.counts.dead = number_in(json, "dead");
  head.audit = {head.node, number_in(json, "auditCount"), text_in(json, "auditMac"),
                text_in(json, "auditSignature")};
  head.bytes = number_in(json, "bytes");
  head.sha256 = text_in(json, "sha256");
  return head;
}

/// Reads byte by byte up to the end of the line: what follows is left for the copy.
Result<BackupHead> read_head(const File& file) {
  std::string line;
  while (line.size() < longest_head) {
    char c = 0;
    const auto got = file.read({&c, 1});
    if (!got) return file_error("the file cannot be read");
    if (got->empty()) return no_backup();
    if (c == '\n') return head_of(line);
    line.push_back(c);
  }
  return no_backup();
}

Result<void> write_whole(const std::string& copy, const std::string& draft,
                         const std::string& line) {
  const File from(copy, O_RDONLY);
  const File to(draft, O_WRONLY | O_CREAT | O_TRUNC);
  if (!from.open() || !to.open()) return file_error("the backup cannot be written");
  if (!to.write(line)) return file_error("the backup cannot be written");
  Digest ignored;
  std::int64_t bytes = 0;
  if (auto copied = copy_rest(from, to, ignored, bytes); !copied) return copied;
  if (!to.sync()) return file_error("the backup cannot be written");
  return {};
}

/// The sum comes before the bytes in the file, so they are read once for it alone.
Result<void> measure(const std::string& copy, BackupHead& head) {
  const File from(copy, O_RDONLY);
  const File nowhere("/dev/null", O_WRONLY);
  Digest digest;
  head.bytes = 0;
  if (auto read = copy_rest(from, nowhere, digest, head.bytes); !read) return read;
  head.sha256 = digest.end();
  return {};
}

}  // namespace

std::string to_line(const BackupHead& head) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> json(buffer);
  const auto text = [&](const char* name, const std::string& value) {
    json.Key(name);
    json.String(value);
  };
  const auto number = [&](const char* name, std::int64_t value) {
    json.Key(name);
    json.Int64(value);
  };
  json.StartObject();
  text("takenAt", to_string(head.taken_at));
  text("build", head.build);
  text("node", head.node);
  number("messages", head.counts.messages);
  number("referrals", head.counts.referrals);
  number("queued", head.counts.queued);
  number("ambiguous", head.counts.ambiguous);
  number("dead", head.counts.dead);
  number("auditCount", head.audit.count);
  text("auditMac", head.audit.mac);
  text("auditSignature", head.audit.signature);
  number("bytes", head.bytes);
  text("sha256", head.sha256);
  json.EndObject();
  return std::string(format) + buffer.GetString() + "\n";
}

Result<void> make_private_file(const std::string& file) {
  const File made(file, O_WRONLY | O_CREAT | O_EXCL);
  if (made.open()) return {};
  if (errno == EEXIST) return Error{ErrorCode::conflict, where, "the file is there already"};
  return file_error("the file cannot be made");
}

bool sync_folder(const std::string& file) {
  const auto slash = file.rfind('/');
  const File folder(slash == std::string::npos ? "." : file.substr(0, slash + 1),
                    O_RDONLY | O_DIRECTORY);
  return folder.open() && folder.sync();
}

Result<void> write_backup_file(const std::string& copy, const std::string& file, BackupHead& head) {
  if (auto measured = measure(copy, head); !measured) return measured;
  const std::string draft = file + ".new";
  auto written = write_whole(copy, draft, to_line(head));
  // A link does not replace what is there, a rename would.
  if (written && ::link(draft.c_str(), file.c_str()) != 0) {
    written = errno == EEXIST ? Error{ErrorCode::conflict, where, "the file is there already"}
                              : file_error("the backup cannot get its name");
  }
  ::unlink(draft.c_str());
  if (written && !sync_folder(file)) return file_error("the backup cannot get its name");
  return written;
}

Result<BackupHead> read_backup_file(const std::string& file, const std::string& copy) {
  const File from(file, O_RDONLY);
  if (!from.open()) return Error{ErrorCode::not_found, where, "the backup cannot be opened", errno};
  auto head = read_head(from);
  if (!head) return head;
  const File to(copy, O_WRONLY | O_CREAT | O_TRUNC);
  if (!to.open()) return file_error("the database cannot be written");
  Digest digest;
  std::int64_t bytes = 0;
  if (auto copied = copy_rest(from, to, digest, bytes); !copied) return copied.error();
  if (bytes != head->bytes || digest.end() != head->sha256) {
    return Error{ErrorCode::store_damaged, where,
                 "the backup is damaged: its checksum is not that of its first line"};
  }
  if (!to.sync()) return file_error("the database cannot be written");
  return head;
}

}  // namespace meridian::store
