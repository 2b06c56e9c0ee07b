// SPDX-License-Identifier: Apache-2.0
// Field tables of DiagnosticReport, ImagingStudy and DocumentReference.
#include <algorithm>

#include "base/base64.h"
#include "fhir/read/fields.h"
#include "fhir/read/narrative.h"
#include "fhir/read/resources.h"

namespace meridian::fhir_read {
namespace {

bool set_form_type(Context&, void* object, std::string_view value) {
  static_cast<Form*>(object)->content_type = value;
  return true;
}
bool set_form_bytes(Context&, void* object, std::string_view value) {
  static_cast<Form*>(object)->base64 = value;
  return true;
}
bool set_form_url(Context&, void* object, std::string_view value) {
  static_cast<Form*>(object)->url = value;
  return true;
}
constexpr std::array form_elements{
    In<Form>::custom("contentType", Shape::text, set_form_type),
    In<Form>::custom("data", Shape::text, set_form_bytes),
    In<Form>::custom("url", Shape::text, set_form_url),
};
constexpr Type form_type = make_type(form_elements);
void* begin_form(Context& context, void* object) {
  context.forms.emplace_back().owner = object;
  return &context.forms.back();
}

void end_report(Context& context, void* object) {
  compose_narrative(context, *static_cast<ImagingReport*>(object));
}

constexpr auto report_elements = resource_table<ImagingReport>(std::array{
    required(In<ImagingReport>::to<&ImagingReport::status>("status")),
    In<ImagingReport>::to<&ImagingReport::categories>("category"),
    required(In<ImagingReport>::to<&ImagingReport::code>("code")),
    In<ImagingReport>::to<&ImagingReport::subject>("subject"),
    In<ImagingReport>::to<&ImagingReport::encounter>("encounter"),
    In<ImagingReport>::to<&ImagingReport::effective>("effectiveDateTime"),
    inside("effectivePeriod", StartOf<ImagingReport, &ImagingReport::effective>::type),
    In<ImagingReport>::to<&ImagingReport::issued>("issued"),
    In<ImagingReport>::to<&ImagingReport::conclusion>("conclusion"),
    In<ImagingReport>::to<&ImagingReport::conclusion_codes>("conclusionCode"),
    In<ImagingReport>::to<&ImagingReport::results>("result"),
    In<ImagingReport>::to<&ImagingReport::studies>("imagingStudy"),
    In<ImagingReport>::to<&ImagingReport::based_on>("basedOn"),
    Element{.name = "presentedForm",
            .shape = Shape::object,
            .list = true,
            .place = begin_form,
            .type = &form_type},
    stu3("context"),
    stu3("image"),
    stu3("codedDiagnosis"),
});

/// A DICOM modality, upper case and once.
bool add_modality(Context&, void* object, std::string_view value) {
  std::string code(value);
  std::transform(code.begin(), code.end(), code.begin(),
                 [](char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c); });
  auto& codes = static_cast<ImagingReport*>(object)->modalities;
  if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.push_back(std::move(code));
  return true;
}
constexpr std::array modality_elements{
    In<ImagingReport>::custom("code", Shape::text, add_modality)};
constexpr Type modality_type = make_type(modality_elements);

/// ImagingStudy.series.bodySite is a Coding where reports have concepts.
void* place_body_site(Context&, void* object) {
  return &static_cast<ImagingReport*>(object)->body_sites.emplace_back().codings.emplace_back();
}
constexpr std::array series_elements{
    inside("modality", modality_type),
    Element{
        .name = "bodySite", .shape = Shape::object, .place = place_body_site, .type = &coding_type},
};
constexpr Type series_type = make_type(series_elements);

/// All procedure codes of a study stand in one concept.
constexpr Element procedure_code() {
  Element element = In<ImagingReport>::to<&ImagingReport::code>("procedureCode");
  element.list = true;
  return element;
}
bool set_description(Context&, void* object, std::string_view value) {
  auto& text = static_cast<ImagingReport*>(object)->code.text;
  if (text.empty()) text = value;
  return true;
}

constexpr auto study_elements = resource_table<ImagingReport>(std::array{
    required(In<ImagingReport>::to<&ImagingReport::status>("status")),
    inside_each("modality", modality_type),
    essential(In<ImagingReport>::to<&ImagingReport::subject>("subject")),
    In<ImagingReport>::to<&ImagingReport::encounter>("encounter"),
    In<ImagingReport>::to<&ImagingReport::effective>("started"),
    In<ImagingReport>::to<&ImagingReport::based_on>("basedOn"),
    procedure_code(),
    In<ImagingReport>::custom("description", Shape::text, set_description),
    inside_each("series", series_type),
    stu3("patient"),
    stu3("context"),
    stu3("uid"),
    stu3("accession"),
    stu3("modalityList"),
});

using Attachment = Document::Attachment;
bool set_attachment_bytes(Context&, void* object, std::string_view value) {
  auto bytes = decode_base64(value);
  if (!bytes) return false;
  static_cast<Attachment*>(object)->data = std::move(*bytes);
  return true;
}
constexpr std::array attachment_elements{
    In<Attachment>::to<&Attachment::content_type>("contentType"),
    In<Attachment>::to<&Attachment::url>("url"),
    In<Attachment>::to<&Attachment::title>("title"),
    In<Attachment>::custom("data", Shape::text, set_attachment_bytes),
};
constexpr Type attachment_type = make_type(attachment_elements);
void* place_attachment(Context&, void* object) {
  return &static_cast<Document*>(object)->content.emplace_back();
}
constexpr std::array content_elements{
    Element{.name = "attachment",
            .shape = Shape::object,
            .place = place_attachment,
            .type = &attachment_type},
};
constexpr Type content_type = make_type(content_elements);
constexpr std::array document_context_elements{
    In<Document>::to<&Document::related>("encounter"),
    In<Document>::to<&Document::related>("related"),
};
constexpr Type document_context_type = make_type(document_context_elements);

constexpr auto document_elements = resource_table<Document>(std::array{
    required(In<Document>::to<&Document::status>("status")),
    In<Document>::to<&Document::doc_status>("docStatus"),
    In<Document>::to<&Document::type>("type"),
    In<Document>::to<&Document::categories>("category"),
    In<Document>::to<&Document::subject>("subject"),
    In<Document>::to<&Document::date>("date"),
    required(inside_each("content", content_type)),
    inside("context", document_context_type),
    stu3("class"),
    stu3("created"),
    stu3("indexed"),
});

}  // namespace

constinit const Type diagnostic_report_type = make_type(report_elements, end_report);
constinit const Type imaging_study_type = make_type(study_elements);
constinit const Type document_type = make_type(document_elements);

}  // namespace meridian::fhir_read
