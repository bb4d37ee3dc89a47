#include "oncall/schedules_in_words.hpp"

/// Temporary schedule > overrides > higher priority > lower; and where entries begin and end.

using namespace in_words;

namespace {

Rota night_rota() { return daily("2026-11-02T20:00", "eve").named("nights").priority(1).window("20:00", "08:00"); }
Rota second(const char* turns) { return weekly("2026-11-02T09:00", turns).named("second"); }
Plan with_nights() { return {berlin, {base(), night_rota()}}; }

std::vector<Case> priorities()
{
    return {
        {"the higher priority wins", {berlin, {base(), second("eve").priority(1)}}, {{"2026-11-03T12:00", "eve"}}},
        {"the higher priority wins in whichever order", {berlin, {second("eve").priority(1), base()}},
            {{"2026-11-03T12:00", "eve"}}},
        {"equal priority is on call together", {berlin, {base(), second("eve")}}, {{"2026-11-03T12:00", "ana+eve"}}},
        {"priorities may be negative", {berlin, {base(), second("eve").priority(-1)}}, {{"2026-11-03T12:00", "ana"}}},
        {"a person in both is on call once", {berlin, {base(), second("ana")}}, {{"2026-11-03T12:00", "ana"}}},
        {"outside its windows the lower one is on call", with_nights(),
            {{"2026-11-03T07:59", "eve"}, {"2026-11-03T08:00", "ana"}, {"2026-11-03T20:00", "eve"}}},
        {"nobody's turn lets the lower one through", {berlin, {base(), second("eve -").priority(1)}},
            {{"2026-11-03T12:00", "eve"}, {"2026-11-10T12:00", "bo"}}},
        {"below zero too, nobody's turn lets the lower one through",
            {berlin, {weekly("2026-11-02T09:00", "ana -").priority(-1), second("eve").priority(-2)}},
            {{"2026-11-03T12:00", "ana"}, {"2026-11-10T12:00", "eve"}}},
        {"nobody's turn of the lowest is a gap, below zero too", {berlin, {weekly("2026-11-02T09:00", "ana -").priority(-1)}},
            {{"2026-11-03T12:00", "ana"}, {"2026-11-10T12:00", "-"}}},
        {"before its begin the lower one is on call", {berlin, {base(), second("eve").priority(1).begin("2026-11-05T00:00")}},
            {{"2026-11-04T23:59", "ana"}, {"2026-11-05T00:00", "eve"}}},
        {"no rotation at all", {berlin, {}}, {{"2026-11-03T12:00", "-"}}},
    };
}

std::vector<Case> overrides()
{
    constexpr auto from = "2026-11-03T10:00";
    constexpr auto to = "2026-11-03T14:00";
    constexpr auto at = "2026-11-03T12:00";
    return {
        {"put stands in, from its begin until its end", plan().put(from, to, "dee"),
            {{"2026-11-03T09:59", "ana"}, {from, "dee"}, {"2026-11-03T13:59", "dee"}, {to, "ana"}}},
        {"put stands in for all who are on", Plan{berlin, {base(), second("eve")}}.put(from, to, "dee"), {{at, "dee"}}},
        {"put of several", plan().put(from, to, "dee+eve"), {{at, "dee+eve"}}},
        {"put stands in where nobody is", Plan{berlin, {base().end("2026-11-01T00:00")}}.put(from, to, "dee"),
            {{at, "dee"}, {to, "-"}}},
        {"the later made put wins, not the shorter",
            plan().put("2026-11-03T11:00", "2026-11-03T13:00", "dee").put(from, to, "eve"), {{at, "eve"}}},
        {"the later made put wins, not the later starting", plan().put(at, to, "dee").put(from, to, "eve"), {{at, "eve"}}},
        {"a put hides what was made before it", plan().add(from, to, "eve").put(from, to, "dee", "ana").put(from, to, "chi"),
            {{at, "chi"}}},
        {"what is made after a put counts", plan().put(from, to, "chi").add(from, to, "eve").put(from, to, "dee", "chi"),
            {{at, "dee+eve"}}},
        {"when the put ends, what it hid is there again", plan().add(from, to, "eve").put(from, at, "dee"),
            {{from, "dee"}, {at, "ana+eve"}}},
        {"instead of one person", Plan{berlin, {base(), second("eve")}}.put(from, to, "dee", "ana"), {{at, "dee+eve"}}},
        {"instead of one of a pair", plan().put("2026-11-17T10:00", "2026-11-17T14:00", "eve", "chi"),
            {{"2026-11-17T12:00", "dee+eve"}}},
        {"instead of somebody, only while they are on", plan().put("2026-11-08T12:00", "2026-11-10T12:00", "eve", "ana"),
            {{"2026-11-09T08:59", "eve"}, {"2026-11-09T09:00", "bo"}}},
        {"instead of somebody who is not on changes nothing (GoAlert 3578f774: it added)", plan().put(from, to, "eve", "bo"),
            {{at, "ana"}}},
        {"instead of somebody who is masked changes nothing",
            with_nights().put("2026-11-03T22:00", "2026-11-04T02:00", "dee", "ana"), {{"2026-11-03T23:00", "eve"}}},
        {"A to B and B to C do not make A to C (OneUptime chains)", plan().put(from, to, "bo", "ana").put(from, to, "chi", "bo"),
            {{at, "bo"}}},
        {"B to C and A to B neither", plan().put(from, to, "chi", "bo").put(from, to, "bo", "ana"), {{at, "bo"}}},
        {"of two that name the same person, the later made", plan().put(from, to, "bo", "ana").put(from, to, "chi", "ana"),
            {{at, "chi"}}},
        {"two can change places", Plan{berlin, {base(), second("bo")}}.put(from, to, "bo", "ana").put(from, to, "ana", "bo"),
            {{at, "ana+bo"}}},
        {"add is as well", plan().add(from, to, "eve"), {{at, "ana+eve"}, {to, "ana"}}},
        {"add where nobody is", Plan{berlin, {base().end("2026-11-01T00:00")}}.add(from, to, "eve"), {{at, "eve"}}},
        {"nobody is put instead of who was added", plan().add(from, to, "eve").put(from, to, "dee", "eve"), {{at, "ana+eve"}}},
        {"remove may leave a gap", plan().remove(from, to, "ana"), {{at, "-"}, {to, "ana"}}},
        {"remove does not let lower priorities through", with_nights().remove("2026-11-03T22:00", "2026-11-04T02:00", "eve"),
            {{"2026-11-03T23:00", "-"}, {"2026-11-04T03:00", "eve"}}},
        {"remove one of a pair", plan().remove("2026-11-17T10:00", "2026-11-17T14:00", "chi"), {{"2026-11-17T12:00", "dee"}}},
        {"remove takes a person out of every rotation", Plan{berlin, {base(), second("ana")}}.remove(from, to, "ana"),
            {{at, "-"}}},
        {"remove of somebody who is not on changes nothing", plan().remove(from, to, "bo"), {{at, "ana"}}},
        {"a later remove takes a stand-in away", plan().put(from, to, "bo", "ana").remove(from, to, "bo"), {{at, "-"}}},
        {"an earlier remove does not", plan().remove(from, to, "bo").put(from, to, "bo", "ana"), {{at, "bo"}}},
        {"a later remove takes an addition away", plan().add(from, to, "eve").remove(from, to, "eve"), {{at, "ana"}}},
        {"an earlier remove does not take an addition away", plan().remove(from, to, "eve").add(from, to, "eve"),
            {{at, "ana+eve"}}},
        {"a later remove takes a put away", plan().put(from, to, "dee").remove(from, to, "dee"), {{at, "-"}}},
        {"a later remove takes one of two who were put", plan().put(from, to, "dee+eve").remove(from, to, "dee"), {{at, "eve"}}},
        {"a later remove takes one of two stand-ins", plan().put(from, to, "dee+eve", "ana").remove(from, at, "dee"),
            {{from, "eve"}, {at, "dee+eve"}}},
        {"a put of who is on already changes nobody, and hides what was made before it",
            plan().add(from, to, "eve").put(from, to, "ana"), {{at, "ana"}}},
        {"remove, then instead of: the later one holds", plan().remove(from, to, "ana").put(from, to, "bo", "ana"), {{at, "bo"}}},
        {"instead of, then remove: the later one holds", plan().put(from, to, "bo", "ana").remove(from, to, "ana"), {{at, "-"}}},
        {"an override of no time changes nothing", plan().put(at, at, "dee").put(to, from, "dee"), {{at, "ana"}}},
        {"override times are in the schedule's zone", Plan{berlin, {base().zone("America/New_York")}}.put(from, to, "dee"),
            {{"2026-11-03T08:59Z", "ana"}, {"2026-11-03T09:00Z", "dee"}}},
    };
}

std::vector<Case> overrides_of_a_rotation()
{
    constexpr auto from = "2026-11-03T10:00";
    constexpr auto to = "2026-11-04T10:00";
    constexpr auto midday = "2026-11-03T12:00";
    constexpr auto night = "2026-11-03T23:00";
    return {
        {"it acts before priorities are compared", with_nights().put(from, to, "dee").of("weekly"),
            {{midday, "dee"}, {night, "eve"}}},
        {"it fills the rotation's gap", with_nights().put(from, to, "dee").of("nights"), {{midday, "dee"}, {night, "dee"}}},
        {"a remove lets lower priorities through", with_nights().remove(from, to, "eve").of("nights"),
            {{midday, "ana"}, {night, "ana"}}},
        {"a remove of the only one is a gap", plan().remove(from, to, "ana").of("weekly"), {{midday, "-"}}},
        {"an addition is of the rotation's priority", with_nights().add(from, to, "dee").of("weekly"),
            {{midday, "ana+dee"}, {night, "eve"}}},
        {"it changes this rotation alone", Plan{berlin, {base(), second("ana")}}.remove(from, to, "ana").of("second"),
            {{midday, "ana"}}},
        {"the others act on the result", plan().put(from, to, "bo", "ana").of("weekly").put(from, to, "eve", "bo"),
            {{midday, "eve"}}},
        {"the others act on the result, whenever they were made",
            plan().put(from, to, "eve", "bo").put(from, to, "bo", "ana").of("weekly"), {{midday, "eve"}}},
        {"a put of the schedule stands in for it too", plan().put(from, to, "dee").put(from, to, "bo").of("weekly"),
            {{midday, "dee"}}},
        {"of two puts of a rotation the later made holds",
            plan().put(midday, to, "dee").of("weekly").put(from, to, "eve").of("weekly"), {{midday, "eve"}}},
        {"a put of a rotation hides what was made before it in that rotation, and nothing else",
            with_nights().add(night, to, "fay").of("nights").add(from, to, "gus").of("weekly").put(from, to, "dee").of("weekly"),
            {{midday, "dee"}, {night, "eve+fay"}}},
        {"a put of a rotation does not hide an addition to the schedule",
            plan().add(from, to, "fay").put(from, to, "dee").of("weekly"), {{midday, "dee+fay"}}},
        {"in a rotation A to B and B to C do not make A to C",
            plan().put(from, to, "bo", "ana").of("weekly").put(from, to, "chi", "bo").of("weekly"), {{midday, "bo"}}},
        {"in a rotation a later remove takes a stand-in away",
            plan().put(from, to, "bo", "ana").of("weekly").remove(from, to, "bo").of("weekly"), {{midday, "-"}}},
        {"in a rotation an earlier remove does not",
            plan().remove(from, to, "bo").of("weekly").put(from, to, "bo", "ana").of("weekly"), {{midday, "bo"}}},
        {"instead of, in one rotation, leaves the same person in another",
            Plan{berlin, {base(), second("ana")}}.put(from, to, "dee", "ana").of("second"), {{midday, "ana+dee"}}},
        {"a remove of the schedule takes an addition to a rotation away, also one that was made later",
            plan().remove(from, to, "eve").add(from, to, "eve").of("weekly"), {{midday, "ana"}}},
        {"a put of a rotation holds before its begin and after its end",
            Plan{berlin,
                {base(), second("eve").priority(1).begin("2026-11-10T00:00"),
                    weekly("2026-11-02T09:00", "fay").named("third").priority(2).end("2026-11-01T00:00")}}
                .put(from, to, "dee")
                .of("second")
                .put(midday, "2026-11-03T13:00", "gus")
                .of("third"),
            {{from, "dee"}, {midday, "gus"}, {"2026-11-03T13:00", "dee"}, {to, "ana"}}},
        {"one of a rotation that is not there changes nothing", plan().put(from, to, "dee").of("gone"), {{midday, "ana"}}},
    };
}

std::vector<Case> temporaries()
{
    constexpr auto from = "2026-11-03T00:00";
    constexpr auto to = "2026-11-05T00:00";
    return {
        {"a temporary schedule masks the rotations, also where it is empty",
            plan().temporary(from, to).shift("2026-11-03T12:00", "2026-11-04T12:00", "dee"),
            {{"2026-11-02T23:59", "ana"}, {"2026-11-03T00:00", "-"}, {"2026-11-03T12:00", "dee"}, {"2026-11-04T12:00", "-"},
                {"2026-11-05T00:00", "ana"}}},
        {"it masks overrides, also those made later", plan().temporary(from, to).put(from, to, "eve"),
            {{"2026-11-03T12:00", "-"}}},
        {"it masks overrides of a rotation", plan().temporary(from, to).put(from, to, "eve").of("weekly"),
            {{"2026-11-03T12:00", "-"}}},
        {"its shifts are cut to it", plan().temporary(from, to).shift("2026-11-01T00:00", "2026-11-09T00:00", "dee"),
            {{"2026-11-02T23:59", "ana"}, {"2026-11-03T00:00", "dee"}, {"2026-11-04T23:59", "dee"}, {"2026-11-05T00:00", "ana"}}},
        {"of two that overlap the later in the list holds, also where it is empty",
            plan()
                .temporary(from, to)
                .shift(from, to, "dee")
                .temporary("2026-11-04T00:00", to)
                .shift("2026-11-04T12:00", to, "eve"),
            {{"2026-11-03T12:00", "dee"}, {"2026-11-04T00:00", "-"}, {"2026-11-04T12:00", "eve"}}},
        {"of two that overlap the earlier in time may be the later in the list",
            plan()
                .temporary("2026-11-04T00:00", to)
                .shift("2026-11-04T00:00", to, "eve")
                .temporary(from, to)
                .shift(from, to, "dee"),
            {{"2026-11-04T12:00", "dee"}}},
        {"two shifts at once are on call together", plan().temporary(from, to).shift(from, to, "dee").shift(from, to, "eve"),
            {{"2026-11-03T12:00", "dee+eve"}}},
        {"an empty one over nobody's turn",
            Plan{berlin, {weekly("2026-11-02T09:00", "ana -")}}.temporary("2026-11-08T00:00", "2026-11-11T00:00"),
            {{"2026-11-07T23:59", "ana"}, {"2026-11-08T00:00", "-"}, {"2026-11-10T00:00", "-"}, {"2026-11-12T00:00", "-"}}},
        {"one with no time masks nothing", plan().temporary(to, from).shift(from, to, "dee"), {{"2026-11-03T12:00", "ana"}}},
    };
}

/// What the final schedule looks like: from, to, and its entries.
struct Look {
    const char* name;
    Plan plan;
    const char* from;
    const char* to;
    std::vector<std::string> entries;
};

void check_looks(const std::vector<Look>& looks)
{
    for (const auto& one : looks) {
        INFO(one.name);
        const auto& zone = one.plan.it.time_zone;
        CHECK(words(final_shifts(one.plan.it, when(one.from, zone), when(one.to, zone)), zone) == one.entries);
    }
}

std::vector<Look> looks()
{
    constexpr auto from = "2026-11-03T00:00";
    constexpr auto to = "2026-11-04T00:00";
    return {
        {"a handoff begins a new entry, also when the same people go on", {berlin, {daily("2026-11-02T09:00", "ana ana bo")}},
            "2026-11-02T09:00", "2026-11-05T09:00",
            {"11-02T09:00 11-03T09:00 ana weekly", "11-03T09:00 11-04T09:00 ana weekly", "11-04T09:00 11-05T09:00 bo weekly"}},
        {"inside a turn nothing cuts that changes nothing",
            plan().put("2026-11-03T10:00", "2026-11-03T12:00", "eve", "bo").remove("2026-11-03T11:00", "2026-11-03T12:00", "dee"),
            from, to, {"11-03T00:00 11-04T00:00 ana weekly"}},
        {"days in a row are one entry", {berlin, {weekly("2026-11-02T00:00", "ana").on("mon tue wed")}}, "2026-11-02T00:00",
            "2026-11-09T00:00", {"11-02T00:00 11-05T00:00 ana weekly", "11-05T00:00 11-09T00:00 -"}},
        {"windows that touch are one entry",
            {berlin, {weekly("2026-11-02T00:00", "ana").window("08:00", "12:00").window("12:00", "16:00")}}, from, to,
            {"11-03T00:00 11-03T08:00 -", "11-03T08:00 11-03T16:00 ana weekly", "11-03T16:00 11-04T00:00 -"}},
        {"a window that the clocks skip cuts nothing", {berlin, {weekly("2026-03-23T00:00", "ana").window("03:00", "02:00")}},
            "2026-03-29T00:00", "2026-03-30T00:00", {"03-29T00:00 03-30T00:00 ana weekly"}},
        {"a higher priority cuts", with_nights(), from, to,
            {"11-03T00:00 11-03T08:00 eve nights", "11-03T08:00 11-03T20:00 ana weekly", "11-03T20:00 11-04T00:00 eve nights"}},
        {"equal priorities overlap, in the order of begin and name", {berlin, {base(), second("eve").begin("2026-11-03T12:00")}},
            from, to, {"11-03T00:00 11-04T00:00 ana weekly", "11-03T12:00 11-04T00:00 eve second"}},
        {"gaps in a row are one", {berlin, {daily("2026-11-02T09:00", "- -")}}, from, to, {"11-03T00:00 11-04T00:00 -"}},
        {"put has no rotation and is not cut by a handoff", plan().put("2026-11-08T00:00", "2026-11-10T00:00", "dee"),
            "2026-11-08T00:00", "2026-11-10T12:00", {"11-08T00:00 11-10T00:00 dee *", "11-10T00:00 11-10T12:00 bo weekly"}},
        {"a put over four shifts leaves parts of the first and the last, and is one (LinkedIn's rules)",
            Plan{berlin, {daily("2026-11-02T09:00", "ana bo chi dee")}}.put("2026-11-02T12:00", "2026-11-05T12:00", "eve"),
            "2026-11-02T09:00", "2026-11-06T09:00",
            {"11-02T09:00 11-02T12:00 ana weekly", "11-02T12:00 11-05T12:00 eve *", "11-05T12:00 11-06T09:00 dee weekly"}},
        {"instead of: the rotation of the one replaced (OneUptime 2086 left overrides out of the final view)",
            plan().put("2026-11-03T10:00", "2026-11-03T12:00", "bo", "ana"), from, to,
            {"11-03T00:00 11-03T10:00 ana weekly", "11-03T10:00 11-03T12:00 bo weekly *", "11-03T12:00 11-04T00:00 ana weekly"}},
        {"instead of, over a handoff of the same person: two entries",
            Plan{berlin, {daily("2026-11-02T09:00", "ana")}}.put(from, to, "bo", "ana"), from, to,
            {"11-03T00:00 11-03T09:00 bo weekly *", "11-03T09:00 11-04T00:00 bo weekly *"}},
        {"instead of, beginning with the shift (LinkedIn's rules)",
            plan().put("2026-11-02T09:00", "2026-11-03T09:00", "bo", "ana"), "2026-11-02T09:00", "2026-11-09T09:00",
            {"11-02T09:00 11-03T09:00 bo weekly *", "11-03T09:00 11-09T09:00 ana weekly"}},
        {"instead of, ending with the shift", plan().put("2026-11-08T09:00", "2026-11-09T09:00", "bo", "ana"), "2026-11-02T09:00",
            "2026-11-09T12:00",
            {"11-02T09:00 11-08T09:00 ana weekly", "11-08T09:00 11-09T09:00 bo weekly *", "11-09T09:00 11-09T12:00 bo weekly"}},
        {"instead of, wider than the shift, takes no more than the shift",
            plan().put("2026-11-01T00:00", "2026-11-12T00:00", "eve", "ana"), "2026-11-01T00:00", "2026-11-12T00:00",
            {"11-01T00:00 11-02T09:00 chi+dee weekly", "11-02T09:00 11-09T09:00 eve weekly *",
                "11-09T09:00 11-12T00:00 bo weekly"}},
        {"put of who is on already: an entry of its own, made by a change",
            plan().put("2026-11-03T10:00", "2026-11-03T12:00", "ana"), from, to,
            {"11-03T00:00 11-03T10:00 ana weekly", "11-03T10:00 11-03T12:00 ana *", "11-03T12:00 11-04T00:00 ana weekly"}},
        {"instead of, one after the other by the same person: one entry",
            plan()
                .put("2026-11-03T10:00", "2026-11-03T12:00", "bo", "ana")
                .put("2026-11-03T12:00", "2026-11-03T14:00", "bo", "ana"),
            from, to,
            {"11-03T00:00 11-03T10:00 ana weekly", "11-03T10:00 11-03T14:00 bo weekly *", "11-03T14:00 11-04T00:00 ana weekly"}},
        {"puts one after the other: an entry each",
            plan().put("2026-11-03T10:00", "2026-11-03T12:00", "bo").put("2026-11-03T12:00", "2026-11-03T14:00", "bo"), from, to,
            {"11-03T00:00 11-03T10:00 ana weekly", "11-03T10:00 11-03T12:00 bo *", "11-03T12:00 11-03T14:00 bo *",
                "11-03T14:00 11-04T00:00 ana weekly"}},
        {"put of a rotation is not cut by its handoffs", plan().put("2026-11-08T00:00", "2026-11-10T00:00", "dee").of("weekly"),
            "2026-11-08T00:00", "2026-11-10T12:00",
            {"11-08T00:00 11-10T00:00 dee weekly *", "11-10T00:00 11-10T12:00 bo weekly"}},
        {"remove of a rotation: the lower one's shift is its own, and no change made it",
            with_nights().remove("2026-11-03T20:00", "2026-11-03T22:00", "eve").of("nights"), "2026-11-03T12:00", to,
            {"11-03T12:00 11-03T22:00 ana weekly", "11-03T22:00 11-04T00:00 eve nights"}},
        {"an empty temporary schedule: a gap that was made only where somebody would be on call",
            Plan{berlin, {weekly("2026-11-02T09:00", "ana -")}}.temporary("2026-11-09T00:00", "2026-11-09T12:00"),
            "2026-11-09T00:00", "2026-11-10T00:00", {"11-09T00:00 11-09T09:00 - *", "11-09T09:00 11-10T00:00 -"}},
        {"an addition is an entry of its own, without a rotation", plan().add("2026-11-03T10:00", "2026-11-03T12:00", "eve"),
            from, to, {"11-03T00:00 11-04T00:00 ana weekly", "11-03T10:00 11-03T12:00 eve *"}},
        {"a gap that was made says so", plan().remove("2026-11-03T10:00", "2026-11-03T12:00", "ana"), from, to,
            {"11-03T00:00 11-03T10:00 ana weekly", "11-03T10:00 11-03T12:00 - *", "11-03T12:00 11-04T00:00 ana weekly"}},
        {"a gap that was there does not", Plan{berlin, {base().end("2026-11-02T12:00")}}.remove(from, to, "ana"), from, to,
            {"11-03T00:00 11-04T00:00 -"}},
        {"of a rotation: its name, also where it had nobody",
            with_nights().put("2026-11-03T06:00", "2026-11-03T10:00", "dee").of("nights"), from, "2026-11-03T12:00",
            {"11-03T00:00 11-03T06:00 eve nights", "11-03T06:00 11-03T10:00 dee nights *", "11-03T10:00 11-03T12:00 ana weekly"}},
        {"a temporary schedule: no rotation, and its gaps are made",
            plan().temporary("2026-11-03T06:00", "2026-11-03T12:00").shift("2026-11-03T08:00", "2026-11-03T20:00", "dee"), from,
            "2026-11-03T14:00",
            {"11-03T00:00 11-03T06:00 ana weekly", "11-03T06:00 11-03T08:00 - *", "11-03T08:00 11-03T12:00 dee *",
                "11-03T12:00 11-03T14:00 ana weekly"}},
        {"a version is a cut, also when the same person goes on",
            {berlin, {base().version("2026-11-03T12:00", weekly("2026-11-02T09:00", "ana bo"))}}, from, to,
            {"11-03T00:00 11-03T12:00 ana weekly", "11-03T12:00 11-04T00:00 ana weekly"}},
        {"a shift of length nothing is none", {berlin, {hours("2026-03-29T00:00", "ana bo chi dee")}}, "2026-03-29T00:00",
            "2026-03-29T05:00",
            {"03-29T00:00 03-29T01:00 ana weekly", "03-29T01:00 03-29T03:00 bo weekly", "03-29T03:00 03-29T04:00 dee weekly",
                "03-29T04:00 03-29T05:00 ana weekly"}},
        {"a shift of two hours where one is repeated", {berlin, {hours("2026-10-25T00:00", "ana bo chi dee")}},
            "2026-10-25T01:00", "2026-10-25T04:00",
            {"10-25T01:00 10-25T02:00 bo weekly", "10-25T02:00 10-25T03:00 chi weekly", "10-25T03:00 10-25T04:00 dee weekly"}},
        {"people named twice are there once", plan().put(from, to, "dee+dee+eve"), from, to,
            {"11-03T00:00 11-04T00:00 dee+eve *"}},
        {"nothing is asked, nothing is answered", plan(), to, from, {}},
    };
}

} // namespace

TEST_CASE("The higher priority wins and equal ones are on call together", "[oncall][schedule]") { check(priorities()); }
TEST_CASE("Overrides stand in, add and remove, and the later made wins", "[oncall][schedule]") { check(overrides()); }
TEST_CASE("An override of a rotation acts before priorities are compared", "[oncall][schedule]")
{
    check(overrides_of_a_rotation());
}
TEST_CASE("A temporary schedule masks everything in its time", "[oncall][schedule]") { check(temporaries()); }
TEST_CASE("The final schedule has an entry for each shift, and for each gap", "[oncall][schedule]") { check_looks(looks()); }
