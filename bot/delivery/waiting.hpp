#pragma once

#include "delivery/job.hpp"
#include "storage/troubles.hpp"

/// Messages that wait until a person has mended what keeps them. They stay rows of the outbox, so that they are rendered from
/// the newest state when they leave.
namespace delivery {

/// A trouble that stands is tried again so often.
inline constexpr std::chrono::minutes try_again_every{5};

/// The channel it goes to, as configured where that is known; empty: it goes to none.
std::string place_of(const Job& job);

/// What keeps it is written down; and, when it is worth it, its row waits for the end of that: true.
bool waits(
    storage::Transaction& tx, const Job& job, const Came& came, const std::string& fallback_channel, oncall::TimePoint now);

/// It was said: what it waited for, and what kept others from the same place, is over. True when something was.
bool mended(storage::Transaction& tx, const Job& job, oncall::TimePoint now);

/// It is over: what waits for it and still counts leaves now.
void end_trouble(storage::Transaction& tx, const storage::TroubleKey& of, oncall::TimePoint now);

/// Nobody names the channel any more. Open alerts that waited for it have their cards where the configuration of now has them; of
/// the rest what still counts goes to the fallback channel.
void leave_channel(storage::Transaction& tx, const storage::Trouble& stands_there, const oncall::Configuration& configuration,
    const std::string& fallback_channel, oncall::TimePoint now);

/// One of those that wait leaves now, to see whether it is over.
void probe(storage::Transaction& tx, const storage::TroubleKey& of, oncall::TimePoint now);

} // namespace delivery
