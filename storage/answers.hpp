#pragma once

#include "oncall/acknowledgements.hpp"
#include "oncall/facts.hpp"
#include "storage/database.hpp"

/// What follows from answers.
namespace storage {

/// Of an alert, since it was last paged anew; oldest first.
struct Acknowledgements {
    Transaction& tx;

    /// False when that person has acknowledged it before: nothing changes.
    bool add(oncall::AlertId alert, const oncall::Acknowledgement& one) const;
    std::vector<oncall::Acknowledgement> of_alert(oncall::AlertId alert) const;
    /// False when there is none of that person's.
    bool remove(oncall::AlertId alert, const std::string& person) const;
    void clear(oncall::AlertId alert) const;

    /// What is planned for that person of the page and has not begun to be sent is withdrawn, with its outbox rows.
    void spare(oncall::PageId page, const std::string& person) const;
};

/// Why pages began though their alerts had been answered.
struct PagedAgain {
    Transaction& tx;

    void add(oncall::PageId page, const std::string& why) const;
    /// Empty: it had not been.
    std::string why(oncall::PageId page) const;
};

/// Lines for one reader, in one message with those that have not left yet; ten are written out, the rest counted.
struct Gathered {
    Transaction& tx;

    /// `kind`: of the outbox, "person_words" or "channel_words"; `lane`: whom they are for.
    void add(const std::string& kind, const std::string& lane, std::string line, TimePoint now) const;
};

/// "Still on it?", of an alert that is acknowledged.
struct StillOnIt {
    oncall::AlertId alert{};
    std::string person{}; // whom to ask; empty: nobody is known
    oncall::milliseconds every{};
    TimePoint due{}; // to be asked; or, once it was, the end of the patience with that
    TimePoint asked_at{}; // TimePoint{}: not yet
};
struct StillOnIts {
    Transaction& tx;

    std::optional<StillOnIt> find(oncall::AlertId alert) const;
    /// Adds it, or replaces the alert's. Its timer (`promise` until it is asked, then `lapse`) is the caller's, here and below.
    void save(const StillOnIt& one) const;
    void forget(oncall::AlertId alert) const;
};

/// How escalations went. Drills are none.
struct EscalationFacts {
    Transaction& tx;

    void add(const oncall::Alert& alert, const oncall::Page& page, const oncall::AnswerFact& fact) const;
    /// The answer that person gave to it at that time was taken back.
    void take_back(oncall::AlertId alert, const std::string& person, TimePoint at) const;
    /// Once for each try and whom.
    void add(const oncall::Page& page, const oncall::SkipFact& fact) const;
    /// The alert was over by itself before anybody had answered the page.
    void add_unanswered(oncall::PageId page, TimePoint at) const;
    /// It was not: it came back.
    void forget_unanswered(oncall::PageId page) const;
    bool is_unanswered(oncall::PageId page) const;
    /// Of a person, since then, oldest first.
    std::vector<oncall::AnswerFact> answers_of(const std::string& person, TimePoint since) const;
    /// Of an alert's pages, oldest first.
    std::vector<oncall::AnswerFact> answers(oncall::AlertId alert) const;
    std::vector<oncall::SkipFact> skips(oncall::AlertId alert) const;
};

} // namespace storage
