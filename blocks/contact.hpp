#pragma once

#include "blocks/form.hpp"
#include "oncall/contact.hpp"

/// `/oncall contact`: how a person is reached.
namespace blocks {

namespace action {
inline constexpr std::string_view contact_open{"contact.open"}; // of a message
inline constexpr std::string_view contact_add{"contact.add"};
inline constexpr std::string_view contact_menu{"contact.menu"}; // "test:12", "code:12", "label:12", "remove:12"
inline constexpr std::string_view contact_test{"contact.test"}; // the same as a button; "test:slack", "test:email"
inline constexpr std::string_view contact_again{"contact.code.again"};
inline constexpr std::string_view contact_guide{"contact.guide"};
} // namespace action
namespace view {
inline constexpr std::string_view contact{"contact"};
// private_metadata of the others: "<view id of the list>:<kind or id of the method>"
inline constexpr std::string_view contact_kind{"contact.kind"};
inline constexpr std::string_view contact_address{"contact.address"};
inline constexpr std::string_view contact_code{"contact.code"};
inline constexpr std::string_view contact_label{"contact.label"};
inline constexpr std::string_view contact_remove{"contact.remove"};
inline constexpr std::string_view contact_guide{"contact.guide"};
// Fields.
inline constexpr std::string_view contact_by{"kind"};
inline constexpr std::string_view contact_typed{"address"};
inline constexpr std::string_view contact_digits{"code"};
inline constexpr std::string_view contact_called{"label"};
inline constexpr std::string_view contact_consent{"consent"};
} // namespace view

/// Shown beside the tick, and kept with the audit row: what somebody agrees to before the first SMS or call.
extern const std::string_view consent_text;

/// The ways to reach a person: to herself with all she can do, to others masked and with nothing to press.
struct ContactList {
    std::string person{};
    bool hers{true}; // shown to herself
    std::string email{}; // of her profile; empty: Slack tells none
    bool mails{}; // there is a mail server
    std::vector<oncall::ContactMethod> methods{};
    std::vector<std::string> notes{}; // on top
    Names names{};
};
View contact_list(const ContactList& list);

/// A kind of way, and what the operator has to set before it can be used.
struct ContactWay {
    oncall::ContactKind kind{};
    std::string missing{}; // "TWILIO_ACCOUNT_SID, …"; empty: it can be used
};
/// Choosing the kind of a new one.
View contact_kind_form(const std::vector<ContactWay>& ways, const std::string& metadata);
/// Its address.
View contact_address_form(oncall::ContactKind kind, const std::string& metadata);
/// A page of ours where it is added: a browser's push.
View contact_page(oncall::ContactKind kind, const std::string& url, const std::string& metadata);
/// The code that was sent to it. `words` are said on top; another `generation` empties the field.
View contact_code_form(
    const oncall::ContactMethod& method, const std::string& words, const std::string& metadata, int generation = 0);
/// `signing_key`: of a webhook, what its owner checks signatures with.
View contact_label_form(const oncall::ContactMethod& method, const std::string& metadata, const std::string& signing_key = {});
View contact_remove_form(const oncall::ContactMethod& method, const std::string& metadata);
/// Why something can't be done, on top of the list.
View contact_refusal(const std::string& words, const Names& names);
/// How a phone lets our calls and messages through at night. `numbers`: that we call from; `card`: where they can be fetched as a
/// contact; either may be empty.
View contact_guide(const std::vector<std::string>& numbers, const std::string& card);

} // namespace blocks
