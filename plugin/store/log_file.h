// SPDX-License-Identifier: Apache-2.0
// A file layer for SQLite that writes the pages of a commit to the write-ahead log in one call.
#pragma once

#include <string>

#include <sqlite3.h>

namespace meridian::store {

/// SQLite writes each page of its log by two calls, a header of 24 bytes and the page; those of one
/// commit follow each other in the file. This layer keeps them together until SQLite syncs or reads
/// the log, and writes them in one call then: the same bytes in the same order. Whoever else reads
/// the log sees them no later than before, because SQLite names new pages only after the sync
/// (synchronous = FULL). All other files are left to `base`.
///
/// Registers the layer over `base`, the name of another one or "" for SQLite's default, and gives
/// its name; `base` itself when that is not known. Thread-safe.
std::string with_gathered_log(const std::string& base);

/// While `off`, what `db` syncs of its log is written and seen by all as ever, but the disk may
/// have it later: a power cut can take such a commit, never one before it, and the next sync makes
/// all durable. The head of the log is synced all the same, because old pages would count behind an
/// old one. Nothing happens where the log is not of this layer. Thread of `db`.
void leave_log_to_system(sqlite3* db, bool off);

}  // namespace meridian::store
