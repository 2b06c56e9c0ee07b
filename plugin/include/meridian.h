/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The C ABI of meridian.so: one runtime per handle, bytes in, bytes out through a sink.
 *
 * Rules that hold for every function:
 *  - Text is UTF-8 and has a length; nothing needs to end in NUL. Integers have fixed widths.
 *  - Input is borrowed until the function returns. Output is handed to the sink and valid only
 *    during that call. Nobody frees what the other allocated.
 *  - The result is a status: 0 is done, any other value is one of meridian_status. Where a sink is
 *    given, a FHIR OperationOutcome says more, as kind MERIDIAN_OUTCOME.
 *  - Nothing throws, and nothing touches signals, locale, environment or working directory.
 *    The native stack stays under 256 kB.
 *  - Structs begin with their size; a caller sets it to sizeof the struct it was compiled with.
 *
 * Life: meridian_open -> any calls -> meridian_close. [control] calls are made one at a time;
 * [any] calls from any thread, at the same time, between open and close.
 */
#ifndef MERIDIAN_H
#define MERIDIAN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define MERIDIAN_API
#else
#define MERIDIAN_API __attribute__((visibility("default")))
#endif

/* Raised when a struct or a meaning changes so that an old caller cannot go on. */
#define MERIDIAN_ABI_MAJOR 1
/* Raised when something is added at an end. */
#define MERIDIAN_ABI_MINOR 2

typedef struct meridian_runtime meridian_runtime;

/* Bytes that somebody else owns. data may be NULL when size is 0. */
typedef struct meridian_bytes {
  const uint8_t* data;
  uint64_t size;
} meridian_bytes;

/* The same numbers for ever; names as in the error table of the program. */
enum meridian_status {
  MERIDIAN_OK = 0,
  MERIDIAN_MALFORMED = 1,
  MERIDIAN_INVALID = 2,
  MERIDIAN_UNSUPPORTED = 3,
  MERIDIAN_TOO_LARGE = 4,
  MERIDIAN_UNAUTHORIZED = 5,
  MERIDIAN_FORBIDDEN = 6,
  MERIDIAN_NOT_FOUND = 7,
  MERIDIAN_CONFLICT = 8,
  MERIDIAN_STALE = 9,
  MERIDIAN_THROTTLED = 10,
  MERIDIAN_UNAVAILABLE = 11,
  MERIDIAN_TIMED_OUT = 12,
  MERIDIAN_INTERRUPTED = 13,
  MERIDIAN_UNTRUSTED = 14,
  MERIDIAN_STORE_BUSY = 15,
  MERIDIAN_STORE_FULL = 16,
  MERIDIAN_STORE_DAMAGED = 17,
  MERIDIAN_STORE_FAILED = 18,
  MERIDIAN_QUARANTINED = 19,
  MERIDIAN_STOPPING = 20,
  MERIDIAN_MISCONFIGURED = 21,
  MERIDIAN_BUFFER = 22,
  MERIDIAN_INTERNAL = 23
};

/* What a sink is given. A caller ignores kinds it does not know. */
enum meridian_kind {
  MERIDIAN_ANSWER = 1,   /* what the sender of a message is to be told */
  MERIDIAN_OUTCOME = 2,  /* FHIR OperationOutcome, application/fhir+json */
  MERIDIAN_DELIVERY = 3, /* the bytes to deliver, from meridian_take */
  MERIDIAN_RESULT = 4    /* JSON, from meridian_query and meridian_health */
};

/* Called on the thread of the call it belongs to, zero or more times, before that call returns.
   It must not call back into Meridian and must not unwind (longjmp, exceptions). */
typedef void (*meridian_emit)(void* context, int32_t kind, meridian_bytes media_type,
                              meridian_bytes body);

typedef struct meridian_sink {
  uint32_t struct_size;
  uint32_t reserved; /* 0 */
  void* context;
  meridian_emit emit; /* NULL: nothing is wanted */
} meridian_sink;

/* One received message. */
typedef struct meridian_message {
  uint32_t struct_size;
  uint32_t reserved;         /* 0 */
  meridian_bytes source;     /* configured name of the system it came from */
  meridian_bytes sender_id;  /* the sender's own message id; a repeat of it gets the same answer */
  meridian_bytes media_type; /* application/fhir+json */
  meridian_bytes body;
} meridian_message;

/* A claim on one thing to deliver, from meridian_take. Plain values, to be kept until settled. */
typedef struct meridian_claim {
  uint32_t struct_size;
  uint32_t attempts;      /* tries before this one */
  int64_t number;         /* of the delivery */
  uint8_t lease[32];      /* opaque */
  uint8_t referral[32];   /* ULID, padded with zeros */
  uint8_t key[128];       /* idempotency key, padded with zeros */
  uint32_t maybe_arrived; /* 1: an earlier try may have arrived; look before sending again */
  uint32_t reserved;      /* 0 */
} meridian_claim;

/* How a delivery that the host made has ended. */
enum meridian_settlement {
  MERIDIAN_DELIVERED = 0,
  MERIDIAN_TRY_AGAIN = 1, /* it did not arrive: send later */
  MERIDIAN_UNKNOWN = 2,   /* it may have arrived: a person must look */
  MERIDIAN_REFUSED = 3    /* it will never be taken */
};

/* [any, also without a handle] MERIDIAN_ABI_MAJOR * 65536 + MERIDIAN_ABI_MINOR of the library. */
MERIDIAN_API uint32_t meridian_abi_version(void);

/* [control] Reads the TOML configuration in `config` (its bytes, not its path; relative paths in it
   are taken from `directory`), opens the database, starts what the configuration names, and stores
   the handle. On failure *runtime is NULL and the outcome names file, line and fix.
   Status: misconfigured, store_busy (another runtime has the database), store_damaged, store_full,
   unavailable (a port is taken), internal. */
MERIDIAN_API int32_t meridian_open(meridian_bytes config, meridian_bytes directory,
                                   const meridian_sink* sink, meridian_runtime** runtime);

/* [control] meridian_open for a host that does the listening itself: polls and timers run, no port
   is opened. [http] listen and [[mllp]] are not used; pages that alerts and forms link to are shown
   by whoever serves [site] public_url, which must be set. Status: as meridian_open. Since 1.1. */
MERIDIAN_API int32_t meridian_open_embedded(meridian_bytes config, meridian_bytes directory,
                                            const meridian_sink* sink, meridian_runtime** runtime);

/* [any] Hands in one message and returns when it is durable. MERIDIAN_ANSWER is emitted once with
   status ok. Status: conflict (same id, other body), unsupported, forbidden (unknown source),
   too_large, store errors, stopping. A message that cannot be parsed is kept in quarantine: status
   ok, and the answer is an OperationOutcome that says so. */
MERIDIAN_API int32_t meridian_submit(meridian_runtime* runtime, const meridian_message* message,
                                     const meridian_sink* sink);

/* [any] Claims the oldest due delivery for `destination`, for a host that delivers itself.
   MERIDIAN_DELIVERY is emitted once. Status: not_found when nothing is due; forbidden when Meridian
   delivers to that destination itself, or does not know it. A claim that is not settled within the
   configured lease is claimed anew, with maybe_arrived. */
MERIDIAN_API int32_t meridian_take(meridian_runtime* runtime, meridian_bytes destination,
                                   meridian_claim* claim, const meridian_sink* sink);

/* [any] Settles a claim with one of meridian_settlement. `receipt` is the receiver's own id, or
   empty. Status: stale when the lease was lost. */
MERIDIAN_API int32_t meridian_settle(meridian_runtime* runtime, const meridian_claim* claim,
                                     int32_t settlement, meridian_bytes receipt);

/* [any] Answers a question as MERIDIAN_RESULT. "referrals" lists the newest 1,000, without patient
   data. Status: not_found for a question that is not known. */
MERIDIAN_API int32_t meridian_query(meridian_runtime* runtime, meridian_bytes question,
                                    const meridian_sink* sink);

/* [any] JSON with live, ready, counts and the address of the web listener. Takes milliseconds. */
MERIDIAN_API int32_t meridian_health(meridian_runtime* runtime, const meridian_sink* sink);

/* [control] Takes another configuration in the place of the one that runs (its bytes; `directory`
   as in meridian_open). It is checked first: a fault leaves everything as it was, and the outcome
   names file, line and fix. Then the runtime is made anew behind its open ports: calls wait for
   that, what is under way ends, claims stay open. [site] node, [store] url and key_file stay as
   they are. Status: misconfigured, as meridian_open. After another status than ok the configuration
   before runs on; when not even that could be started, meridian_health says unavailable. Since 1.2.
 */
MERIDIAN_API int32_t meridian_reload(meridian_runtime* runtime, meridian_bytes config,
                                     meridian_bytes directory, const meridian_sink* sink);

/* [control] Stops taking new work, ends what is under way, closes the database and frees the
   handle. No thread of the runtime runs after it returns. NULL is allowed. */
MERIDIAN_API void meridian_close(meridian_runtime* runtime);

#ifdef __cplusplus
}
#endif
#endif
