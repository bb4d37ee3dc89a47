#pragma once

#include "oncall/grammar_words.hpp"

#include <functional>

namespace oncall {

/// Reads one sentence; grammar.hpp says how. Its parts are in files by what they speak of.
class SentenceReader {
public:
    SentenceReader(std::string text, const Speaker& speaker, const Vocabulary& vocabulary);
    Sentence read();

private:
    using Words = std::vector<GrammarWord>;

    // grammar.cpp: the way in
    Sentence heard_from(std::size_t from);
    Sentence by_verb(const CommandVerb& verb, std::size_t from);
    std::optional<Sentence> by_question(std::size_t from);
    std::optional<Sentence> by_statement(std::size_t from);
    std::optional<Sentence> by_name(std::size_t from);
    Sentence not_understood(std::size_t from) const;
    std::optional<Sentence> of_myself(std::size_t from); // "i'm …", "i have …", "i can't …"
    std::optional<Sentence> of_showing(std::size_t from) const;
    std::optional<Sentence> of_giving(std::size_t from); // "give 42 to chi"
    std::optional<Sentence> of_cancelling(std::size_t from); // "cancel my cover request"
    /// What changes something is done unasked only where nothing else can be meant.
    bool is_certain(const Sentence& said, std::size_t from) const;
    /// "if …", "tomorrow", "in 10 minutes", "at 9": an order before it is not for now, and there is no other time.
    bool puts_off(std::size_t at) const;
    Sentence asked_first(const Sentence& said) const;

    // grammar_alerts.cpp
    Sentence alert_verb(const CommandVerb& verb, std::size_t from);
    std::optional<Sentence> by_number(std::size_t from);
    std::optional<Sentence> of_handing(std::size_t from);
    Sentence timeline(std::size_t from);
    /// "merge 17 into 12", "split 17 from 12".
    Sentence of_groups(const CommandVerb& verb, std::size_t from);
    std::optional<Sentence> several_alerts(const CommandVerb& verb, std::size_t from) const;
    Sentence which_alert(const CommandVerb& verb, const std::string& more = {}) const;
    /// A number in the thread of an alert that has another one.
    Sentence number_in_thread(const CommandVerb& verb, std::size_t from, std::size_t at) const;
    /// "on it", "on 42 in 10 minutes", from what is behind "on it" or from the number. Null: something else is on.
    std::optional<Sentence> on_it(std::size_t at);
    /// Whether a number among other words is an alert's: it has a #, or ends what is said, or one of the words follows.
    bool names_alert(std::size_t at, std::string_view may_follow) const;
    bool is_length_at(std::size_t at) const;

    // grammar_duty.cpp: who is on call, and who is to be
    Sentence who(std::size_t from, bool past);
    Sentence cover(std::size_t from);
    Sentence take(std::size_t from);
    Sentence override(std::size_t from);
    Sentence swap(std::size_t from);
    Sentence away(std::size_t from, bool by_verb);
    Sentence my_shifts(std::size_t from);

    // grammar_page.cpp
    Sentence page(std::size_t from);
    /// How many words say "low urgency" there.
    std::size_t low_urgency_at(std::size_t at) const;
    Sentence policy(const CommandVerb& verb, std::size_t from);
    Sentence of_schedule(const CommandVerb& verb, std::size_t from);
    Sentence report(std::size_t from);
    Sentence status(std::size_t from);

    // what they share
    bool is(std::size_t at, std::string_view low) const { return at < words_.size() && words_[at].low == low; }
    bool is_any(std::size_t at, std::string_view words) const;
    /// How many words a phrase takes at a place; 0: it is not there.
    std::size_t phrase(std::size_t at, std::string_view words) const;
    /// The first of several phrases, with | between.
    std::size_t any_phrase(std::size_t at, std::string_view phrases) const;
    /// Whether one of the words stands anywhere from a place on.
    bool has_any(std::size_t from, std::string_view words) const;
    std::size_t past_words(std::size_t at, std::string_view words) const;
    /// As it was written, from a word on.
    std::string written_from(std::size_t from) const;
    bool ends(std::size_t at) const; // nothing but politeness follows
    Sentence as(std::string_view verb, std::string rest) const;
    Sentence ask(std::string question, std::vector<Reading> readings) const;
    Sentence unclear(std::string question) const { return ask(std::move(question), {}); }
    bool in_prose() const { return !speaker_.has_forms; }
    std::string id_of(const GrammarWord& person) const; // "<@U1>", or an address
    std::string zone() const;

    /// A person at a place: mentioned, "me", or by name. Several when the name is that of several, or only a first name.
    struct Someone {
        std::vector<CalledPerson> may_be{}; // `id` as it is written into a command
        bool certain{};
        std::size_t words{};
    };
    std::optional<Someone> someone_at(std::size_t at, bool by_name) const;

    /// What a command about time on call says.
    struct Duty {
        std::vector<Someone> people{};
        std::optional<Someone> instead_of{};
        std::vector<Recipient> of{}; // what the first name may mean
        bool has_name{};
        SaidTime time{};
        std::string because{}; // as written, behind "because"
        std::vector<std::string> unknown{};
    };
    Duty duty(std::size_t from, std::string_view filler) const;
    /// The command in every way that it may be meant: one, or a question. `write` gets the people's, the schedule's and the
    /// time's words.
    struct DutyWords {
        std::vector<std::string> people{};
        std::string instead_of{};
        std::string schedule{};
        std::string time{};
    };
    static std::string take_out(const DutyWords& words);
    std::optional<Sentence> duty_command(
        std::string_view verb, const Duty& said, const std::function<std::string(const DutyWords&)>& write) const;

    const Speaker& speaker_;
    const Vocabulary& vocabulary_;
    std::string text_;
    Words words_;
    Lexicon lexicon_;
    int depth_{};
    // What speaks against doing it at once.
    bool asks_{}; // a question mark
    bool wonders_{}; // "can i …", "i have to …"
    bool asks_others_{}; // "someone …"
    bool doubt_{}; // its words may be no order
    bool put_off_{}; // to another time
    bool free_text_{}; // behind what its verb wants
    bool told_{}; // and a colon says where it begins
    std::size_t order_ends_{}; // what its verb wants; 0: that is all there is
};

/// Whether a word is said for the sake of politeness alone.
inline constexpr std::string_view polite_words{"please pls plz thanks thx now asap kindly"};
/// Behind a verb these are words of the language, whatever somebody is called.
inline constexpr std::string_view never_names{
    "the our a my mine i please pls plz thanks now asap whoever somebody someone anybody anyone is are be on call on-call oncall "
    "of "
    "for from in at with up out duty and as to till until this that next last shift shifts"};

} // namespace oncall
