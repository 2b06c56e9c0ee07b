// SPDX-License-Identifier: Apache-2.0
// Field tables of QuestionnaireResponse, whose nested items become one list.
#include "fhir/read/fields.h"
#include "fhir/read/resources.h"

namespace meridian::fhir_read {
namespace {

using Response = QuestionnaireResponse;
using Item = Response::Item;

/// The innermost item that is open. Its members may follow those of items nested in it.
Item& open_item(Context& context, void* object) {
  return static_cast<Response*>(object)->items[context.open_items.back()];
}

void* begin_item(Context& context, void* object) {
  auto& items = static_cast<Response*>(object)->items;
  items.emplace_back();
  context.open_items.push_back(items.size() - 1);
  return object;
}
void end_item(Context& context, void*) {
  context.open_items.pop_back();
}

bool set_link_id(Context& context, void* object, std::string_view value) {
  return store(open_item(context, object).link_id, value);
}
bool set_text(Context& context, void* object, std::string_view value) {
  return store(open_item(context, object).text, value);
}
bool set_definition(Context& context, void* object, std::string_view value) {
  open_item(context, object).codes.emplace_back().system = value;
  return true;
}
bool add_value(Context& context, void* object, std::string_view value) {
  return store(open_item(context, object).values, value);
}

void* begin_coded_answer(Context& context, void* object) {
  context.answered = &open_item(context, object);
  return &context.answered->coded_values.emplace_back();
}
void end_coded_answer(Context& context, void* object) {
  const auto& coding = *static_cast<Coding*>(object);
  context.answered->values.push_back(coding.code.empty() ? coding.display : coding.code);
}
constexpr std::array coded_answer_elements{
    In<Coding>::to<&Coding::system>("system"),
    In<Coding>::to<&Coding::code>("code"),
    In<Coding>::to<&Coding::display>("display"),
};
constexpr Type coded_answer_type = make_type(coded_answer_elements, end_coded_answer);

constexpr std::array quantity_answer_elements{
    In<Response>::custom("value", Shape::number, add_value)};
constexpr Type quantity_answer_type = make_type(quantity_answer_elements);
constexpr std::array reference_answer_elements{
    In<Response>::custom("reference", Shape::text, add_value)};
constexpr Type reference_answer_type = make_type(reference_answer_elements);

constexpr Element item_element() {
  return {.name = "item",
          .shape = Shape::object,
          .list = true,
          .place = begin_item,
          .type = &questionnaire_item_type};
}

constexpr Element answer(std::string_view name, Shape shape) {
  return In<Response>::custom(name, shape, add_value);
}
constexpr std::array answer_elements{
    answer("valueBoolean", Shape::boolean),
    answer("valueDecimal", Shape::number),
    answer("valueInteger", Shape::number),
    answer("valueDate", Shape::text),
    answer("valueDateTime", Shape::text),
    answer("valueTime", Shape::text),
    answer("valueString", Shape::text),
    answer("valueUri", Shape::text),
    Element{.name = "valueCoding",
            .shape = Shape::object,
            .place = begin_coded_answer,
            .type = &coded_answer_type},
    inside("valueQuantity", quantity_answer_type),
    inside("valueReference", reference_answer_type),
    item_element(),
};
constexpr Type answer_type = make_type(answer_elements);

constexpr std::array item_elements{
    In<Response>::custom("linkId", Shape::text, set_link_id),
    In<Response>::custom("text", Shape::text, set_text),
    In<Response>::custom("definition", Shape::text, set_definition),
    inside_each("answer", answer_type),
    item_element(),
};

constexpr auto response_elements = resource_table<Response>(std::array{
    In<Response>::to<&Response::questionnaire>("questionnaire"),
    required(In<Response>::to<&Response::status>("status")),
    In<Response>::to<&Response::subject>("subject"),
    In<Response>::to<&Response::author>("author"),
    In<Response>::to<&Response::source>("source"),
    In<Response>::to<&Response::based_on>("basedOn"),
    In<Response>::to<&Response::authored>("authored"),
    item_element(),
    stu3("parent"),
    stu3("context"),
});

}  // namespace

constinit const Type questionnaire_item_type = make_type(item_elements, end_item);
constinit const Type questionnaire_response_type = make_type(response_elements);

}  // namespace meridian::fhir_read
