#pragma once

#include "oncall/contact.hpp"

namespace oncall {

/// A new way to reach a person is hers once she has typed the code that was sent to it.
inline constexpr milliseconds code_holds = std::chrono::minutes{10};
inline constexpr int most_code_tries = 5; // then another code is needed
inline constexpr int most_codes_an_hour = 5; // to a person, and to an address
inline constexpr int most_tests_an_hour = 10; // of a person's own methods, all together
inline constexpr milliseconds between_tests = std::chrono::seconds{30}; // of one method
inline constexpr std::size_t most_methods = 20; // of a person

/// Six digits out of random bytes, eight at least; all codes are as likely as each other.
std::string code_of(std::string_view random);
/// The six digits somebody typed, "123 456" too. Empty when there are not six of them.
std::string code_in(std::string_view typed);

/// What a method waits for.
struct PendingCode {
    std::string hash{}; // empty: no code was sent
    TimePoint until{};
    int tries{}; // wrong ones so far
};
enum class CodeAnswer { right, wrong, too_late, too_often };
/// `hash`: of what was typed, made as the code's.
CodeAnswer answer_of(const PendingCode& pending, std::string_view hash, TimePoint now);

/// An address as it is kept, or what is wrong with what was typed, in words for the field it stands in.
struct TypedAddress {
    std::string address{};
    std::string problem{};
};
/// For e-mail, push and webhooks; numbers are read by phone.hpp. `private_too`: webhooks may lead to one's own network and
/// machine, whose hosts have short names and addresses.
TypedAddress address_in(ContactKind kind, std::string_view typed, bool private_too = false);

} // namespace oncall
