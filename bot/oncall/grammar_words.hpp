#pragma once

#include "oncall/grammar.hpp"

/// The words of a sentence, and the names among them.
namespace oncall {

struct GrammarWord {
    enum class Kind { word, number, person, group, other };
    Kind kind{};
    std::size_t begin{}, end{}; // in the text, with what stands around it
    std::string bare{}; // without quotes, punctuation and 's; of a token what it stands for: "<@U1>", "ana@example.com", "@ana"
    std::string low{}; // the same in lower case
    std::int64_t number{};
    bool comma{}, colon{}; // behind it
    bool asks{}; // a question mark is behind it
    bool owns{}; // "@bo's"
};

using WordKind = GrammarWord::Kind;

/// One blank between words, and nothing that cannot be seen.
std::string one_spaced(std::string_view text);
/// Of a text with single blanks; at most 400, the rest is one word more.
std::vector<GrammarWord> grammar_words(std::string_view text);

/// Names of the configuration and of people, found fast.
class Lexicon {
public:
    explicit Lexicon(const Configuration& configuration, const std::vector<CalledPerson>* people = nullptr);

    /// The longest name from a place on, with all that it is the name of, in the order in which a bare name is taken. "team:db"
    /// and "db team" are of one kind.
    struct Named {
        std::vector<Recipient> meant{};
        std::size_t words{};
    };
    std::optional<Named> name_at(const std::vector<GrammarWord>& words, std::size_t at) const;

    struct People {
        std::vector<CalledPerson> all{};
        bool is_whole_name{}; // not only the first one
        std::size_t words{};
    };
    /// Members with that name or handle, else whose first name it is.
    std::optional<People> people_at(const std::vector<GrammarWord>& words, std::size_t at) const;

private:
    std::optional<Named> longest(
        const std::vector<GrammarWord>& words, std::size_t at, std::string begins, std::optional<RecipientKind> kind) const;

    std::map<std::string, std::vector<Recipient>> names_{};
    std::map<std::string, std::vector<CalledPerson>> people_{};
    std::map<std::string, std::vector<CalledPerson>> first_names_{};
};

} // namespace oncall
