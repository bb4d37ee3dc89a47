#include "handlers/contact.hpp"
#include "handlers/routes.hpp"
#include "notify/webhook_rules.hpp"
#include "oncall/phone.hpp"
#include "oncall/reach_words.hpp"
#include "oncall/verification.hpp"
#include "storage/contact_sends.hpp"
#include "storage/contacts.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using namespace oncall;
using storage::ContactMethods;
using storage::ContactSends;
using storage::Transaction;
namespace view = blocks::view;

namespace {

constexpr std::size_t most_label = 60;

std::string field_name(std::string_view name) { return std::string{name}; }

bool is_phone_kind(ContactKind kind) { return kind == ContactKind::sms || kind == ContactKind::voice; }

/// "12 minutes".
std::string until(TimePoint then, TimePoint now)
{
    const auto minutes = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::minutes>(then - now).count());
    return std::to_string(minutes) + (minutes == 1 ? " minute" : " minutes");
}

/// Who may know does: the address stays out of it.
void note_method(
    Transaction& tx, const Asked& asked, const std::string& verb, const ContactMethod& method, const std::string& after = {})
{
    storage::Audit{tx}.add(asked.now, asked.actor, asked.via, verb, method_out(method), masked(method), after);
}

/// As a row of the outbox; delivery sends it by the method itself.
void say_by(Transaction& tx, const ContactMethod& method, const std::string& key, const std::string& words, TimePoint now)
{
    storage::Outbox{tx}.add(key, "words", storage::Priority::answer,
        "contact:" + std::string{name(method.kind)} + ":" + method.person, method.id.value, words, now);
}

/// Six digits are guessed through in no time by whoever has the file, so its secret is part of the hash.
std::string hash_of(const Context& app, ContactId id, const std::string& code)
{
    return storage::sha256(app.answer_secret + ":" + std::to_string(id.value) + ":" + code);
}

constexpr std::string_view said_stop{"STOP was sent from this phone, so nothing is texted to it, not even a code. START, sent "
                                     "from it to our number, takes that back."};

bool is_stopped(Transaction& tx, const ContactMethod& method)
{
    return method.kind == ContactKind::sms && storage::StoppedNumbers{tx}.has(method.address);
}

/// Throws Refusal when too many codes went out.
void limit_codes(Transaction& tx, const std::string& person, const std::string& address, TimePoint now)
{
    const ContactSends sends{tx};
    const auto since = now - std::chrono::hours{1};
    auto first = sends.by(person, "code", since, most_codes_an_hour);
    if (const auto to = sends.to(address, "code", since, most_codes_an_hour))
        first = std::max(first.value_or(*to), *to);
    if (first)
        throw Refusal{"Enough codes for now: at most " + std::to_string(most_codes_an_hour)
            + " an hour go to a person, and to an address. Try again in " + until(*first + std::chrono::hours{1}, now) + "."};
}

void send_new_code(
    Transaction& tx, const Context& app, const ContactMethod& method, const std::string& random, const Asked& asked)
{
    if (is_stopped(tx, method))
        throw Refusal{std::string{said_stop}};
    limit_codes(tx, method.person, method.address, asked.now);
    const auto code = code_of(random);
    ContactMethods{tx}.set_code(method.id, hash_of(app, method.id, code), asked.now + code_holds);
    ContactSends{tx}.add(method.person, "code", method.address, asked.now);
    const auto spoken = method.kind == ContactKind::voice ? code.substr(0, 3) + " " + code.substr(3) : code;
    // One code is under way at a time: the row of the one before says this one instead.
    const storage::Outbox outbox{tx};
    const auto key = "code:" + std::to_string(method.id.value) + ":";
    outbox.withdraw(key);
    say_by(tx, method, key + std::to_string(asked.now.time_since_epoch().count()),
        "Your code for on-call pages is " + spoken
            + ". Type it into Slack within 10 minutes. If you did not ask for it, ignore this.",
        asked.now);
    note_method(tx, asked, "send a code", method);
}

/// Other people's with that number.
std::vector<ContactMethod> others_with(Transaction& tx, const ContactMethod& method)
{
    std::vector<ContactMethod> found;
    if (!is_phone_kind(method.kind))
        return found;
    for (const auto kind : {ContactKind::sms, ContactKind::voice})
        for (auto& other : ContactMethods{tx}.at(kind, method.address))
            if (other.person != method.person)
                found.push_back(std::move(other));
    return found;
}

bool has_left(Transaction& tx, const std::string& person)
{
    const auto known = storage::People{tx}.find(person);
    return known && known->kind == "gone";
}

/// Other people whose number it is. A verified one is one person's alone: an answer by SMS must say who answers. Whoever has left
/// answers nothing.
std::vector<std::string> holders_of(Transaction& tx, const ContactMethod& method)
{
    std::vector<std::string> people;
    for (const auto& other : others_with(tx, method))
        if (other.verified_at != TimePoint{} && !has_left(tx, other.person))
            people.push_back(other.person);
    return people;
}

void erase(Transaction& tx, const ContactMethod& method)
{
    storage::Outbox{tx}.withdraw("code:" + std::to_string(method.id.value) + ":");
    ContactMethods{tx}.remove(method.id);
}

/// Her number now: those who had it before her and have left cannot remove it themselves.
void take_from_leavers(Transaction& tx, const ContactMethod& hers, const Asked& asked)
{
    for (const auto& other : others_with(tx, hers)) {
        if (!has_left(tx, other.person))
            continue;
        erase(tx, other);
        note_method(tx, asked, "remove a leaver's contact method", other, other.person);
    }
}

constexpr std::string_view number_is_others{"This number is somebody else's here already, and answers by SMS must say who "
                                            "answers. Whoever has it removes it first; if they have "
                                            "left, try again in a minute."};

std::string address_typed(const Context& app, const ContactWish& wish)
{
    if (is_phone_kind(wish.kind)) {
        const auto phone = phone_in(wish.typed);
        if (phone.number.empty())
            throw WrongField{field_name(view::contact_typed), phone.problem};
        if (!is_allowed(phone.number, app.countries))
            throw WrongField{field_name(view::contact_typed), not_allowed(phone.number, app.countries)};
        return phone.number;
    }
    auto typed = address_in(wish.kind, wish.typed, app.private_webhooks);
    if (typed.problem.empty() && wish.kind == ContactKind::webhook)
        if (const auto why = notify::webhook_problem(typed.address, {app.private_webhooks}); !why.empty())
            typed.problem = "I can't send there: " + why + ".";
    if (!typed.problem.empty())
        throw WrongField{field_name(view::contact_typed), typed.problem};
    return typed.address;
}

std::string label_of(const std::string& typed)
{
    const auto begin = typed.find_first_not_of(" \t\n\r");
    const auto label = begin == typed.npos ? "" : typed.substr(begin, typed.find_last_not_of(" \t\n\r") + 1 - begin);
    return label.substr(0, 4 * most_label); // the form counts characters
}

} // namespace

bool is_admin(Transaction& tx, const Context& app, const std::string& user)
{
    return std::any_of(app.admins.begin(), app.admins.end(), [&](const std::string& admin) {
        const auto known = storage::People{tx}.find(admin);
        return admin == user || (known && known->user_id == user);
    });
}

ContactMethod own_contact(Transaction& tx, ContactId id, const Asked& asked)
{
    const auto method = ContactMethods{tx}.find(id);
    permit_contact(asker_of(tx, asked), method ? method->person : "");
    return *method;
}

ContactMethod add_contact(
    Transaction& tx, const Context& app, const ContactWish& wish, const std::string& random, const Asked& asked)
{
    permit_contact(asker_of(tx, asked), asked.actor);
    if (!app.ways.contains(wish.kind) || wish.kind == ContactKind::slack || wish.kind == ContactKind::web_push)
        throw Refusal{std::string{title(wish.kind)} + " can't be added here. Open `/oncall contact` again."};
    const auto address = address_typed(app, wish);
    const bool consents = wish.consents || !is_phone_kind(wish.kind);
    if (!consents)
        throw WrongField{field_name(view::contact_consent), "Without your consent nothing is sent to a number."};
    const storage::People people{tx};
    if (const auto person = people.find(asked.actor); wish.kind == ContactKind::email && person && person->email == address)
        throw WrongField{field_name(view::contact_typed), "This is the address of your Slack profile, which is used already."};
    ContactMethod method;
    method.person = asked.actor;
    method.kind = wish.kind;
    method.address = address;
    if (auto holders = holders_of(tx, method); !holders.empty()) {
        WrongField wrong{field_name(view::contact_typed), std::string{number_is_others}};
        wrong.holders = std::move(holders);
        throw wrong;
    }
    const ContactMethods methods{tx};
    const auto hers = methods.of(asked.actor);
    const auto there =
        std::find_if(hers.begin(), hers.end(), [&](const auto& one) { return one.kind == wish.kind && one.address == address; });
    if (there != hers.end())
        method = *there;
    if (there != hers.end() && is_usable(method))
        throw WrongField{field_name(view::contact_typed), "You have this one already."};
    if (there != hers.end() && there->stopped_at != TimePoint{} && there->verified_at == TimePoint{})
        throw WrongField{field_name(view::contact_typed),
            "This one was stopped: by STOP, or because nothing gets there. START, sent from a phone to our number, takes STOP "
            "back."};
    if (there == hers.end() && hers.size() >= most_methods)
        throw Refusal{"You have " + std::to_string(most_methods) + " ways to be reached. Remove one you don't use first."};
    if (is_phone_kind(wish.kind))
        method.consented_at = asked.now;
    method.label = label_of(wish.label);
    if (there != hers.end()) {
        method.verified_at = method.stopped_at = {}; // one that was stopped is proven and agreed to again
        methods.save(method);
    } else {
        method.added_at = asked.now;
        methods.add(method);
    }
    note_method(tx, asked, "add a contact method", method, is_phone_kind(wish.kind) ? std::string{blocks::consent_text} : "");
    try {
        send_new_code(tx, app, method, random, asked);
    } catch (const Refusal& refusal) {
        throw WrongField{field_name(view::contact_typed), refusal.what()};
    }
    return method;
}

ContactMethod send_code(Transaction& tx, const Context& app, ContactId id, const std::string& random, const Asked& asked)
{
    const auto method = own_contact(tx, id, asked);
    if (method.verified_at != TimePoint{})
        throw Refusal{"This one is verified already."};
    send_new_code(tx, app, method, random, asked);
    return method;
}

Confirmed confirm_contact(Transaction& tx, const Context& app, ContactId id, const std::string& typed, const Asked& asked)
{
    Confirmed came;
    came.method = own_contact(tx, id, asked);
    auto& method = came.method;
    if (method.verified_at != TimePoint{})
        return came;
    if (is_stopped(tx, method)) {
        came.problem = said_stop;
        return came;
    }
    const auto code = code_in(typed);
    if (code.empty()) {
        came.problem = "A code has six digits.";
        return came;
    }
    const ContactMethods methods{tx};
    const auto pending = methods.pending_code(id);
    switch (answer_of({pending.hash, pending.until, pending.tries}, hash_of(app, id, code), asked.now)) {
    case CodeAnswer::right: break;
    case CodeAnswer::wrong:
        methods.count_try(id);
        came.problem = "This is not the code. After " + std::to_string(most_code_tries) + " wrong ones you need another.";
        note_method(tx, asked, "type a wrong code", method);
        return came;
    case CodeAnswer::too_late:
        came.problem = "This code holds no longer, they do for 10 minutes. Press \"Send another code\".";
        return came;
    case CodeAnswer::too_often: came.problem = "Too many wrong codes. Press \"Send another code\"."; return came;
    }
    came.holders = holders_of(tx, method);
    if (!came.holders.empty()) { // who were faster
        came.problem = std::string{number_is_others};
        return came;
    }
    methods.forget_code(id);
    method.verified_at = asked.now;
    method.stopped_at = {};
    methods.save(method);
    take_from_leavers(tx, method, asked);
    note_method(tx, asked, "verify a contact method", method);
    return came;
}

void label_contact(Transaction& tx, ContactId id, const std::string& label, const Asked& asked)
{
    auto method = own_contact(tx, id, asked);
    method.label = label_of(label);
    ContactMethods{tx}.save(method);
    note_method(tx, asked, "label a contact method", method);
}

void remove_contact(Transaction& tx, ContactId id, const Asked& asked)
{
    const auto method = own_contact(tx, id, asked);
    erase(tx, method);
    note_method(tx, asked, "remove a contact method", method);
}

std::string test_contact(
    Transaction& tx, const Context& app, const std::string& which, const std::string& key, const Asked& asked)
{
    permit_contact(asker_of(tx, asked), asked.actor);
    ContactId id;
    std::from_chars(which.data(), which.data() + which.size(), id.value);
    const auto method = id.value == 0 ? ContactMethod{} : own_contact(tx, id, asked);
    if (id.value != 0 && !is_usable(method))
        throw Refusal{"Nothing is sent to it yet: type in its code first."};
    const ContactSends sends{tx};
    const auto this_one = asked.actor + " " + which;
    if (const auto last = sends.to(this_one, "test", asked.now - between_tests, 1))
        throw Refusal{"A test went there a moment ago. Give it half a minute."};
    if (const auto first = sends.by(asked.actor, "test", asked.now - std::chrono::hours{1}, most_tests_an_hour))
        throw Refusal{"Enough tests for now, at most " + std::to_string(most_tests_an_hour) + " an hour. Try again in "
            + until(*first + std::chrono::hours{1}, asked.now) + "."};
    const auto row = "test:" + key;
    const std::string words =
        "This is a test from oncall-bot, asked for in Slack. Nothing is wrong. A page would reach you this way.";
    const storage::Outbox outbox{tx};
    std::string where = "Slack";
    if (id.value != 0) {
        if (!app.ways.contains(method.kind))
            throw Refusal{"Whoever runs me has no provider for it any more, so no page goes there either."};
        say_by(tx, method, row, words, asked.now);
        where = words_of(method, true);
    } else if (which == "email") {
        const auto person = storage::People{tx}.find(asked.actor);
        if (!person || person->email.empty() || !app.ways.contains(ContactKind::email))
            throw Refusal{"No mail can be sent to you: there is no mail server, or Slack tells me no address of yours."};
        outbox.add(
            row, "alarm_email", storage::Priority::answer, "email:" + asked.actor, 0, person->email + "\n" + words, asked.now);
        where = "your e-mail address";
    } else {
        outbox.add(row, "person_words", storage::Priority::answer, asked.actor, 0, asked.actor + "\n" + words, asked.now);
    }
    sends.add(asked.actor, "test", this_one, asked.now);
    storage::Audit{tx}.add(
        asked.now, asked.actor, asked.via, "test a contact method", id.value == 0 ? which : method_out(method), "", "");
    return "A test is on its way to " + where + (id.value == 0 ? "." : ". I write to you here in Slack what came of it.");
}

} // namespace handlers
