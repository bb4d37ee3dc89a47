#pragma once

#include "oncall/verbs.hpp"

#include <span>
#include <string>

/// The verbs of `/oncall`, in one table: what they are called, and what they do.
namespace oncall {

struct CommandVerb {
    std::string_view word{}; // as it is written in words of ours: "ack"
    std::string_view also{}; // what else it is called, with blanks between
    std::string_view meaning{}; // a line for whoever asks
    std::optional<Verb> verb{}; // of an alert: its number follows
    /// Where the answer is shown when it was asked for in a conversation that others read.
    enum class Seen { by_all, in_private } seen{Seen::by_all};
    bool needs_screen{}; // it opens a form, or shows a picture: only a command or a button can
    bool is_secret{}; // its answer holds what nobody else may ever see
};

std::span<const CommandVerb> command_verbs();

/// Whether its words may change something or page somebody. The others show something, or open a form.
bool may_change(const CommandVerb& verb);

/// By its word or what else it is called, in any case; null: there is none.
const CommandVerb* command_verb(std::string_view word);
/// All words of all verbs.
std::vector<std::string> command_words();

} // namespace oncall
