// SPDX-License-Identifier: Apache-2.0
// What each segment gives. Each function takes one segment and adds to the context.
#pragma once

#include "hl7v2/read/context.h"

namespace meridian::hl7v2 {

// people.cc
/// PID: the patient of what follows.
void read_pid(Context& context, const Segment& pid);
/// MRG: the patient that PID replaces, as a link that can be taken back.
void read_mrg(Context& context, const Segment& mrg);
/// PRD: who refers and to whom.
void read_prd(Context& context, const Segment& prd);

// visits.cc
void read_pv1(Context& context, const Segment& pv1);
void read_pv2(Context& context, const Segment& pv2);

// clinical.cc
void read_dg1(Context& context, const Segment& dg1);
void read_al1(Context& context, const Segment& al1);
void read_pr1(Context& context, const Segment& pr1);
void read_in1(Context& context, const Segment& in1);

// orders.cc
void read_orc(Context& context, const Segment& orc);
void read_obr(Context& context, const Segment& obr);
void read_tq1(Context& context, const Segment& tq1);
/// RXO, RXE: the order that is open is of a medicine.
void read_rx(Context& context, const Segment& rx);
void read_nte(Context& context, const Segment& nte);

// referrals.cc
void read_rf1(Context& context, const Segment& rf1);
void read_aut(Context& context, const Segment& aut);
/// When every segment was read: what the referral asks for, who is to do it, and what else of the
/// message supports it.
void finish_referral(Context& context);
/// Rows of the concept map referral-service that a site wrote for this sender: by receiving
/// application or facility, department, section.
void classify(Context& context, const Segment& segment, std::size_t field, ServiceRequest& request);

// results.cc
/// OBX: a row of a report's text, a document, or an observation.
void read_obx(Context& context, const Segment& obx);

// answers.cc
/// When every segment was read: an appointment, a document or a report that names a referral of
/// ours is the receiver's word on it, a Task.
void finish_answers(Context& context);

// documents.cc
void read_txa(Context& context, const Segment& txa);

// schedule.cc
void read_sch(Context& context, const Segment& sch);
/// AIS, AIG, AIL, AIP: what and where.
void read_ais(Context& context, const Segment& ais);

}  // namespace meridian::hl7v2
