#include "oncall/heard_time.hpp"

#include "oncall/calendar.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <array>

namespace oncall {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr std::array<std::string_view, 11> between_words{
    "-", "–", "—", "to", "from", "at", "on", "between", "starting", "beginning", "&"};
constexpr std::array<std::string_view, 7> until_words{"until", "till", "til", "'til", "through", "thru", "ending"};
constexpr int night_is_over{5}; // o'clock: from then on, this night is the last one

bool stands_among(const std::string& word, const auto& words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string bare(const std::string& text)
{
    auto word = lower(text);
    while (!word.empty() && (word.back() == ',' || word.back() == '.'))
        word.pop_back();
    return word;
}

/// Reads words one after the other.
class Listener {
public:
    Listener(const std::vector<std::string>& words, LocalTime now)
        : words_{words}
        , now_{now}
        , today_{day_of(now)}
    {
        for (const auto& word : words)
            low_.push_back(bare(word));
    }

    Heard hear()
    {
        while (at_ < low_.size()) {
            const auto before = at_;
            if (!length() && !day_part() && !stretch() && !day() && !clock() && !between())
                heard_.rest.push_back(words_[at_++]);
            if (at_ == before)
                ++at_;
        }
        settle();
        return std::move(heard_);
    }

private:
    const std::string& word(std::size_t further = 0) const
    {
        static const std::string none;
        return at_ + further < low_.size() ? low_[at_ + further] : none;
    }

    bool length()
    {
        if (word() == "next" && word(1) == "shift") {
            heard_.next_shift = true;
            at_ += 2;
            return true;
        }
        const bool to_come = word() == "in" || word() == "within";
        auto from = at_ + (to_come ? 1 : 0);
        if (!to_come)
            while (from < low_.size()
                && (low_[from] == "for" || low_[from] == "the" || low_[from] == "next" || low_[from] == "during"))
                ++from;
        const auto said = length_in_words(low_, from);
        if (!said)
            return false;
        from += said->words;
        const auto is = [&](std::size_t at, std::string_view what) { return at < low_.size() && low_[at] == what; };
        const bool ago = is(from, "ago"), later = is(from, "from") && is(from + 1, "now");
        auto& into = to_come || ago || later ? heard_.from_now : heard_.lasts;
        heard_.twice = heard_.twice || into;
        into = ago ? -said->length : said->length;
        at_ = from + (ago ? 1 : later ? 2 : 0);
        return true;
    }

    static SaidDay only(LocalTime day) { return {{day}, SaidDay::Again::never, 1}; }

    bool day_part()
    {
        const auto this_night = is_still_night(now_) ? today_ - days{1} : today_;
        if (word() == "tonight" || (word() == "this" && word(1) == "night")) {
            auto night = only(this_night);
            if (this_night != today_)
                night.may_be.push_back(today_);
            heard_.this_night = this_night != today_;
            heard_.day(std::move(night));
            heard_.of_day(DayPart::night);
            at_ += word() == "tonight" ? 1 : 2;
            return true;
        }
        if (word() == "overnight") {
            heard_.of_day(DayPart::night);
            ++at_;
            return true;
        }
        const bool led = word() == "this" || word() == "last" || word() == "the" || word() == "in" || word() == "during";
        const auto skipped = std::size_t{led ? 1U : 0U} + (led && word(1) == "the" ? 1 : 0);
        const auto part = day_part_in(word(skipped));
        if (!part)
            return false;
        if (word() == "this")
            heard_.day(only(today_));
        if (word() == "last")
            heard_.day(only(*part == DayPart::night ? this_night - days{1} : today_ - days{1}));
        heard_.of_day(*part);
        at_ += skipped + 1;
        return true;
    }

    /// "this weekend", "next week", "last month".
    bool stretch()
    {
        std::size_t skipped = 0;
        while (word(skipped) == "the" || word(skipped) == "over" || word(skipped) == "at" || word(skipped) == "on"
            || word(skipped) == "during")
            ++skipped;
        const auto& lead = word(skipped);
        const bool next = lead == "next", last = lead == "last" || lead == "past", led = next || last || lead == "this";
        const auto& what = word(skipped + (led ? 1 : 0));
        const std::chrono::sys_days date{std::chrono::floor<days>(today_).time_since_epoch()};
        const auto since_monday = static_cast<int>(std::chrono::weekday{date}.iso_encoding()) - 1;
        const auto monday = today_ - days{since_monday};
        const auto step = next ? 1 : last ? -1 : 0;
        if (what == "weekend" || what == "weekends") {
            const auto saturday = monday + days{5};
            const bool runs = since_monday >= 5;
            if (next && !runs)
                heard_.stretches.push_back({saturday, saturday + days{2}});
            const auto shift = days{7 * step};
            heard_.stretches.push_back({saturday + shift, saturday + shift + days{2}});
        } else if (what == "week" && led) {
            heard_.stretches.push_back({monday + days{7 * step}, monday + days{7 * step + 7}});
        } else if (what == "month" && led) {
            const std::chrono::year_month_day day{date};
            const auto month = day.year() / day.month() + std::chrono::months{step};
            const auto first = [](std::chrono::year_month of) {
                return LocalTime{std::chrono::sys_days{of / std::chrono::day{1}}.time_since_epoch()};
            };
            heard_.stretches.push_back({first(month), first(month + std::chrono::months{1})});
        } else {
            return false;
        }
        at_ += skipped + (led ? 2 : 1);
        return true;
    }

    bool day()
    {
        const auto from = at_ + (word() == "the" ? 1 : 0);
        if (auto said = day_in_words(low_, from, today_)) {
            // Before it is light "tomorrow" may be the day that comes with it.
            if ((low_[from] == "tomorrow" || low_[from] == "tmrw") && is_still_night(now_))
                said->may_be.insert(said->may_be.begin(), today_);
            at_ = from + said->words;
            heard_.day(std::move(*said));
            return true;
        }
        const auto moment = word().size() == 16 ? local_time_in(word()) : std::nullopt;
        if (!moment)
            return false;
        heard_.day(only(day_of(*moment)));
        heard_.clock({std::chrono::floor<minutes>(*moment - day_of(*moment)), false, false, false, 1});
        ++at_;
        return true;
    }

    bool clock()
    {
        if (auto two = parted(word()); !two.empty()) {
            // "6-10 pm"
            if (word(1) == "pm" || word(1) == "am" || word(1) == "p.m" || word(1) == "a.m") {
                two.push_back(word(1));
                ++at_;
            }
            for (std::size_t one = 0; one < 2; ++one) {
                if (auto said = day_in_words(two, one, today_))
                    heard_.day(std::move(*said));
                else if (const auto time = clock_in_words(two, one))
                    heard_.clock(*time);
            }
            ++at_;
            return true;
        }
        const auto said = clock_in_words(low_, at_);
        if (!said)
            return false;
        heard_.clock(*said);
        at_ += said->words;
        return true;
    }

    bool between()
    {
        if (stands_among(word(), until_words)) {
            heard_.until = heard_.until || !heard_.begins();
            heard_.through = heard_.through || word().starts_with("thr");
        } else if (word() == "the" && word(1) == "end" && word(2) == "of") {
            heard_.through = true;
            at_ += 2;
        } else if (word() == "end" && word(1) == "of") {
            heard_.through = true;
            ++at_;
        } else if ((word() == "all" || word() == "whole") && word(1) == "day" && heard_.begins()) {
            ++at_;
        } else if (word() == "and" && heard_.clocks.size() <= 1 && heard_.days.size() <= 1 && heard_.begins()
            && (clock_in_words(low_, at_ + 1) || day_in_words(low_, at_ + 1, today_))) {
            // "between 18:00 and 22:00"
        } else if (!stands_among(word(), between_words) && !(word() == "now" && !heard_.begins())) {
            return false;
        }
        ++at_;
        return true;
    }

    /// What a time of day means beside others.
    void settle()
    {
        auto& clocks = heard_.clocks;
        if (clocks.size() == 2 && clocks[0].half_named && clocks[1].afternoon && clocks[0].at + hours{12} < clocks[1].at)
            clocks[0].at += hours{12}; // "6-10pm"
        if (clocks.size() == 2 && clocks[0].midnight)
            clocks[0].at = minutes{0};
        if (!heard_.part)
            return;
        for (auto& one : clocks) {
            const auto latest = *heard_.part == DayPart::afternoon ? hours{7} : hours{12};
            const auto earliest = *heard_.part == DayPart::afternoon ? hours{1}
                : *heard_.part == DayPart::evening                   ? hours{4}
                                                                     : hours{6};
            if (!one.half_named || *heard_.part == DayPart::morning)
                continue;
            if (one.at >= earliest && one.at < latest)
                one.at += hours{12}; // "tonight at 9"
            else if (*heard_.part == DayPart::night)
                one.at = one.at % hours{12} + hours{24}; // and the hours after midnight
        }
    }

    const std::vector<std::string>& words_;
    LocalTime now_;
    LocalTime today_;
    std::vector<std::string> low_{};
    std::size_t at_{};
    Heard heard_{};
};

} // namespace

bool is_still_night(LocalTime now) { return now - day_of(now) < hours{night_is_over}; }

Heard hear_time(const std::vector<std::string>& words, LocalTime now) { return Listener{words, now}.hear(); }

} // namespace oncall
