#include "oncall/schedules_in_words.hpp"

/// Who is on call when, by the wall clock: the "Time" chapter of the README, clause by clause. Bugs of others that must not be
/// ours are marked with where they happened.

using namespace in_words;

namespace {

// 2026-11-02 is a Monday. Berlin changes its clocks on 2026-03-29 (02:00 to 03:00, at 01:00 UTC) and 2026-10-25 (03:00 to 02:00,
// at 01:00 UTC).
std::vector<Case> anchored_turns()
{
    return {
        {"the first person's turn begins at start", {berlin, {weekly("2026-11-02T09:00", "ana bo chi+dee")}},
            {{"2026-11-02T09:00", "ana"}, {"2026-11-09T08:59", "ana"}, {"2026-11-09T09:00", "bo"},
                {"2026-11-16T09:00", "chi+dee"}, {"2026-11-23T09:00", "ana"}}},
        {"the pattern runs back as well", {berlin, {weekly("2026-11-02T09:00", "ana bo chi+dee")}},
            {{"2026-11-02T08:59", "chi+dee"}, {"2026-10-26T08:59", "bo"}, {"2020-11-02T09:00", "chi+dee"}}},
        {"a length of two", {berlin, {weekly("2026-11-02T09:00", "ana bo").lengths({2})}},
            {{"2026-11-09T09:00", "ana"}, {"2026-11-16T09:00", "bo"}, {"2026-10-19T09:00", "bo"}, {"2026-10-19T08:59", "ana"}}},
        {"lengths are used in turn", {berlin, {daily("2026-11-02T00:00", "ana bo chi").lengths({5, 2})}},
            {{"2026-11-06T23:59", "ana"}, {"2026-11-07T00:00", "bo"}, {"2026-11-09T00:00", "chi"}, {"2026-11-14T00:00", "ana"},
                {"2026-11-16T00:00", "bo"}}},
        {"lengths are used in turn before the anchor too", {berlin, {daily("2026-11-02T00:00", "ana bo chi").lengths({5, 2})}},
            {{"2026-10-31T00:00", "chi"}, {"2026-10-30T23:59", "bo"}, {"2026-10-26T00:00", "bo"}, {"2026-10-25T23:59", "ana"}}},
        {"as many lengths as people bind each to a length", {berlin, {daily("2026-11-02T00:00", "ana bo").lengths({5, 2})}},
            {{"2026-11-04T12:00", "ana"}, {"2026-11-08T12:00", "bo"}, {"2027-03-03T12:00", "ana"}, {"2027-03-06T12:00", "bo"}}},
        {"nobody's turn is used up", {berlin, {weekly("2026-11-02T09:00", "ana - bo")}},
            {{"2026-11-03T12:00", "ana"}, {"2026-11-10T12:00", "-"}, {"2026-11-17T12:00", "bo"}, {"2026-11-24T12:00", "ana"}}},
        {"it exists from its begin on", {berlin, {weekly("2026-11-02T09:00", "ana bo").begin("2026-11-11T12:00")}},
            {{"2026-11-11T11:59", "-"}, {"2026-11-11T12:00", "bo"}}},
        {"it exists until its end", {berlin, {weekly("2026-11-02T09:00", "ana bo").end("2026-11-11T12:00")}},
            {{"2026-11-11T11:59", "bo"}, {"2026-11-11T12:00", "-"}, {"2026-12-11T12:00", "-"}}},
        {"hours", {berlin, {hours("2026-11-02T00:00", "ana bo chi").lengths({8})}},
            {{"2026-11-02T07:59", "ana"}, {"2026-11-02T08:00", "bo"}, {"2026-11-02T16:00", "chi"}, {"2026-11-03T00:00", "ana"}}},
        {"hours go on over midnight, not anew each day", {berlin, {hours("2026-11-02T00:00", "ana bo").lengths({5})}},
            {{"2026-11-02T20:00", "ana"}, {"2026-11-03T00:59", "ana"}, {"2026-11-03T01:00", "bo"}}},
        {"others forget a rotation after a hundred periods (OneUptime F1)", {berlin, {hours("2016-11-02T00:00", "ana bo chi")}},
            {{"2026-11-02T00:00", "ana"}, {"2026-11-02T01:00", "bo"}, {"2006-11-02T02:00", "chi"}}},
        {"a time that is long past has somebody too (grafana/oncall 1108)", {berlin, {weekly("2026-11-02T09:00", "ana bo")}},
            {{"1999-01-01T00:00", "bo"}, {"2035-01-01T00:00", "bo"}}},
        {"one person is always on", {berlin, {daily("2026-11-02T09:00", "ana")}},
            {{"2026-11-02T08:59", "ana"}, {"2026-11-02T09:00", "ana"}}},
        {"a rotation has its own time zone", {berlin, {daily("2026-11-02T20:00", "ana bo").zone("America/New_York")}},
            {{"2026-11-03T01:59", "bo"}, {"2026-11-03T02:00", "ana"}, {"2026-11-04T02:00", "bo"}}},
        {"begin and end are in the rotation's zone",
            {berlin,
                {daily("2026-11-02T20:00", "ana").zone("America/New_York").begin("2026-11-02T20:00").end("2026-11-03T20:00")}},
            {{"2026-11-03T01:59", "-"}, {"2026-11-03T02:00", "ana"}, {"2026-11-04T01:59", "ana"}, {"2026-11-04T02:00", "-"}}},
    };
}

std::vector<Case> months()
{
    return {
        {"months from day 31 end with the month and do not drift (GoAlert overflows, OneUptime stays on 28)",
            {berlin, {monthly("2026-01-31T09:00", "ana bo chi")}},
            {{"2026-02-28T08:59", "ana"}, {"2026-02-28T09:00", "bo"}, {"2026-03-03T09:00", "bo"}, {"2026-03-31T08:59", "bo"},
                {"2026-03-31T09:00", "chi"}, {"2026-04-30T09:00", "ana"}, {"2026-05-31T08:59", "ana"}}},
        {"a leap day", {berlin, {monthly("2026-01-31T09:00", "ana bo chi")}},
            {{"2028-02-29T08:59", "ana"}, {"2028-02-29T09:00", "bo"}}},
        {"two months from day 31: multiplied and stepped are the same (OneUptime H1)",
            {berlin, {monthly("2025-12-31T09:00", "ana bo").lengths({2})}},
            {{"2026-02-28T08:59", "ana"}, {"2026-02-28T09:00", "bo"}, {"2026-04-30T08:59", "bo"}, {"2026-04-30T09:00", "ana"},
                {"2026-08-31T08:59", "bo"}, {"2026-08-31T09:00", "ana"}}},
        {"uneven months from day 31", {berlin, {monthly("2026-01-31T09:00", "ana bo").lengths({1, 2})}},
            {{"2026-02-28T09:00", "bo"}, {"2026-04-30T08:59", "bo"}, {"2026-04-30T09:00", "ana"}, {"2026-05-31T09:00", "bo"}}},
        {"months before the anchor", {berlin, {monthly("2026-03-31T09:00", "ana bo")}},
            {{"2026-03-31T08:59", "bo"}, {"2026-02-28T09:00", "bo"}, {"2026-02-28T08:59", "ana"}, {"2026-01-31T09:00", "ana"},
                {"2026-01-31T08:59", "bo"}}},
        {"two months before the anchor, from day 31", {berlin, {monthly("2026-03-31T09:00", "ana bo").lengths({2})}},
            {{"2026-03-31T08:59", "bo"}, {"2026-01-31T09:00", "bo"}, {"2026-01-31T08:59", "ana"}, {"2025-11-30T09:00", "ana"},
                {"2025-11-30T08:59", "bo"}}},
        {"uneven months before the anchor, from day 31", {berlin, {monthly("2026-03-31T09:00", "ana bo chi").lengths({1, 2})}},
            {{"2026-03-31T08:59", "chi"}, {"2026-01-31T09:00", "chi"}, {"2026-01-31T08:59", "bo"}, {"2025-12-31T09:00", "bo"},
                {"2025-12-31T08:59", "ana"}, {"2025-10-31T09:00", "ana"}, {"2025-10-31T08:59", "chi"}}},
        {"months from day 30", {berlin, {monthly("2026-01-30T09:00", "ana bo")}},
            {{"2026-02-28T09:00", "bo"}, {"2026-03-30T08:59", "bo"}, {"2026-03-30T09:00", "ana"}}},
        {"months from a leap day", {berlin, {monthly("2024-02-29T09:00", "ana bo")}},
            {{"2024-03-29T09:00", "bo"}, {"2025-02-28T09:00", "ana"}, {"2025-02-28T08:59", "bo"}}},
    };
}

std::vector<Case> handoff_days()
{
    return {
        {"a start inside a week splits it, and the short part is a week",
            {berlin, {weekly("2026-11-04T09:00", "ana bo chi").handoff("fri")}},
            {{"2026-11-04T09:00", "ana"}, {"2026-11-06T08:59", "ana"}, {"2026-11-06T09:00", "bo"}, {"2026-11-13T08:59", "bo"},
                {"2026-11-13T09:00", "chi"}}},
        {"the part before the start is a week too", {berlin, {weekly("2026-11-04T09:00", "ana bo chi").handoff("fri")}},
            {{"2026-11-04T08:59", "chi"}, {"2026-10-30T09:00", "chi"}, {"2026-10-30T08:59", "bo"}, {"2026-10-23T09:00", "bo"},
                {"2026-10-23T08:59", "ana"}}},
        {"a start on the handoff day splits nothing", {berlin, {weekly("2026-11-06T09:00", "ana bo chi").handoff("fri")}},
            {{"2026-11-06T08:59", "chi"}, {"2026-11-06T09:00", "ana"}, {"2026-11-13T09:00", "bo"}, {"2026-10-30T09:00", "chi"}}},
        {"two weeks with a handoff day count the short one",
            {berlin, {weekly("2026-11-04T09:00", "ana bo").handoff("fri").lengths({2})}},
            {{"2026-11-12T12:00", "ana"}, {"2026-11-13T09:00", "bo"}, {"2026-11-27T08:59", "bo"}, {"2026-11-27T09:00", "ana"}}},
        {"uneven lengths with a handoff day, before the start too",
            {berlin, {weekly("2026-11-04T09:00", "ana bo chi").handoff("fri").lengths({1, 2})}},
            {{"2026-11-06T08:59", "ana"}, {"2026-11-06T09:00", "bo"}, {"2026-11-20T08:59", "bo"}, {"2026-11-20T09:00", "chi"},
                {"2026-11-04T08:59", "chi"}, {"2026-10-23T09:00", "chi"}, {"2026-10-23T08:59", "bo"}, {"2026-10-16T09:00", "bo"},
                {"2026-10-16T08:59", "ana"}}},
        {"a short week without a window is nobody's turn",
            {berlin, {weekly("2026-11-07T00:00", "ana bo chi").handoff("mon").on("mon tue wed thu fri")}},
            {{"2026-11-07T12:00", "-"}, {"2026-11-09T00:00", "ana"}, {"2026-11-16T00:00", "bo"}, {"2026-11-06T12:00", "chi"},
                {"2026-10-30T12:00", "bo"}}},
        {"a handoff day means nothing to days", {berlin, {daily("2026-11-04T09:00", "ana bo").handoff("fri")}},
            {{"2026-11-05T09:00", "bo"}, {"2026-11-06T09:00", "ana"}}},
    };
}

std::vector<Case> windows()
{
    return {
        {"office hours", {berlin, {weekly("2026-11-02T00:00", "ana").window("09:00", "17:00")}},
            {{"2026-11-02T08:59", "-"}, {"2026-11-02T09:00", "ana"}, {"2026-11-02T16:59", "ana"}, {"2026-11-02T17:00", "-"}}},
        {"a night belongs to the day it starts on",
            {berlin, {weekly("2026-11-02T00:00", "ana").window("20:00", "08:00", "mon tue wed thu fri")}},
            {{"2026-11-02T07:59", "-"}, {"2026-11-02T20:00", "ana"}, {"2026-11-07T07:59", "ana"}, {"2026-11-07T08:00", "-"},
                {"2026-11-07T20:00", "-"}, {"2026-11-09T07:59", "-"}}},
        {"a weekend", {berlin, {weekly("2026-11-02T00:00", "ana").window("fri 20:00", "mon 08:00")}},
            {{"2026-11-06T19:59", "-"}, {"2026-11-06T20:00", "ana"}, {"2026-11-09T07:59", "ana"}, {"2026-11-09T08:00", "-"},
                {"2026-11-02T07:59", "ana"}}},
        {"weekdays: an end before the beginning is the next week's",
            {berlin, {weekly("2026-11-02T00:00", "ana").window("mon 08:00", "mon 07:00")}},
            {{"2026-11-02T06:59", "ana"}, {"2026-11-02T07:00", "-"}, {"2026-11-02T07:59", "-"}, {"2026-11-02T08:00", "ana"}}},
        {"weekdays: from Tuesday to Monday at 24:00 is always",
            {berlin, {weekly("2026-11-02T00:00", "ana").window("tue 00:00", "mon 24:00")}},
            {{"2026-11-02T23:59", "ana"}, {"2026-11-03T00:00", "ana"}, {"2026-11-08T12:00", "ana"}}},
        {"a weekday window says its days itself",
            {berlin, {weekly("2026-11-02T00:00", "ana").on("tue").window("sat 10:00", "sun 10:00")}},
            {{"2026-11-03T12:00", "-"}, {"2026-11-07T12:00", "ana"}}},
        {"an end before the beginning is the next day's", {berlin, {weekly("2026-11-02T00:00", "ana").window("08:00", "07:00")}},
            {{"2026-11-02T06:59", "ana"}, {"2026-11-02T07:00", "-"}, {"2026-11-02T08:00", "ana"}}},
        {"until 24:00", {berlin, {weekly("2026-11-02T00:00", "ana").window("18:00", "24:00", "mon")}},
            {{"2026-11-02T23:59", "ana"}, {"2026-11-03T00:00", "-"}}},
        {"from 00:00 to 24:00 is the day", {berlin, {weekly("2026-11-02T00:00", "ana").window("00:00", "24:00", "sat sun")}},
            {{"2026-11-06T23:59", "-"}, {"2026-11-07T00:00", "ana"}, {"2026-11-08T23:59", "ana"}, {"2026-11-09T00:00", "-"}}},
        {"days alone are whole days", {berlin, {weekly("2026-11-02T09:00", "ana").on("mon")}},
            {{"2026-11-01T23:59", "-"}, {"2026-11-02T00:00", "ana"}, {"2026-11-02T23:59", "ana"}, {"2026-11-03T00:00", "-"}}},
        {"days alone are whole days, and who is on changes at the time of start",
            {berlin, {daily("2026-11-02T09:00", "ana bo chi").on("mon")}},
            {{"2026-11-02T00:00", "chi"}, {"2026-11-02T08:59", "chi"}, {"2026-11-02T09:00", "ana"}, {"2026-11-02T23:59", "ana"},
                {"2026-11-09T00:00", "bo"}, {"2026-11-09T08:59", "bo"}, {"2026-11-09T09:00", "chi"}}},
        {"days are those of the rotation's zone",
            {berlin, {weekly("2026-11-02T00:00", "ana").on("mon").zone("America/New_York")}},
            {{"2026-11-02T05:59", "-"}, {"2026-11-02T06:00", "ana"}, {"2026-11-03T05:59", "ana"}, {"2026-11-03T06:00", "-"}}},
        {"a window without days is open on the rotation's",
            {berlin, {weekly("2026-11-02T00:00", "ana").on("mon").window("09:00", "17:00")}},
            {{"2026-11-02T12:00", "ana"}, {"2026-11-03T12:00", "-"}}},
        {"a window with days of its own is open on those",
            {berlin, {weekly("2026-11-02T00:00", "ana").on("mon").window("09:00", "17:00", "tue")}},
            {{"2026-11-02T12:00", "-"}, {"2026-11-03T12:00", "ana"}}},
        {"a day with two windows",
            {berlin, {weekly("2026-11-02T00:00", "ana").window("08:00", "12:00").window("14:00", "18:00")}},
            {{"2026-11-02T11:59", "ana"}, {"2026-11-02T13:00", "-"}, {"2026-11-02T14:00", "ana"}, {"2026-11-02T18:00", "-"}}},
        {"windows that overlap are one",
            {berlin, {weekly("2026-11-02T00:00", "ana").window("08:00", "12:00").window("10:00", "14:00")}},
            {{"2026-11-02T07:59", "-"}, {"2026-11-02T11:00", "ana"}, {"2026-11-02T13:59", "ana"}, {"2026-11-02T14:00", "-"}}},
        {"a handoff inside a window changes the person", {berlin, {daily("2026-11-02T00:00", "ana bo").window("20:00", "08:00")}},
            {{"2026-11-02T23:59", "ana"}, {"2026-11-03T00:00", "bo"}, {"2026-11-03T07:59", "bo"}, {"2026-11-03T20:00", "bo"}}},
        {"a handoff inside a weekend changes the person",
            {berlin, {weekly("2026-11-01T12:00", "ana bo").window("fri 20:00", "mon 08:00")}},
            {{"2026-11-08T11:59", "ana"}, {"2026-11-08T12:00", "bo"}}},
        {"a two-day turn that starts on Friday goes on on Monday",
            {berlin, {daily("2026-11-06T00:00", "ana bo chi").lengths({2}).on("mon tue wed thu fri")}},
            {{"2026-11-06T12:00", "ana"}, {"2026-11-07T12:00", "-"}, {"2026-11-09T12:00", "ana"}, {"2026-11-10T12:00", "bo"},
                {"2026-11-12T12:00", "chi"}, {"2026-11-13T12:00", "chi"}, {"2026-11-16T12:00", "ana"}}},
        {"a later week, asked for alone, has the same people (grafana/oncall counts two ways)",
            {berlin, {daily("2026-11-06T00:00", "ana bo chi").lengths({2}).on("mon tue wed thu fri")}},
            {{"2027-11-08T12:00", "bo"}, {"2027-11-09T12:00", "chi"}}},
        {"weekdays before the anchor", {berlin, {daily("2026-11-06T00:00", "ana bo chi").lengths({2}).on("mon tue wed thu fri")}},
            {{"2026-11-05T12:00", "chi"}, {"2026-11-04T12:00", "chi"}, {"2026-11-03T12:00", "bo"}}},
        {"a start on a free day: the first working day is the first person's",
            {berlin, {daily("2026-11-07T00:00", "ana bo chi").on("mon tue wed thu fri")}},
            {{"2026-11-07T12:00", "-"}, {"2026-11-09T12:00", "ana"}, {"2026-11-10T12:00", "bo"}, {"2026-11-06T12:00", "chi"}}},
        {"time outside the windows uses up no turn (OneUptime 2413)",
            {berlin, {hours("2026-11-02T08:00", "ana bo chi").lengths({4}).window("08:00", "16:00", "mon tue wed thu fri")}},
            {{"2026-11-02T11:59", "ana"}, {"2026-11-02T12:00", "bo"}, {"2026-11-02T16:00", "-"}, {"2026-11-03T08:00", "chi"},
                {"2026-11-03T12:00", "ana"}, {"2026-11-06T12:00", "ana"}, {"2026-11-09T08:00", "bo"}}},
        {"a window shorter than a period makes it count",
            {berlin, {hours("2026-11-02T08:00", "ana bo").window("08:15", "08:30")}},
            {{"2026-11-02T08:14", "-"}, {"2026-11-02T08:15", "ana"}, {"2026-11-02T08:30", "-"}, {"2026-11-03T08:15", "bo"}}},
        {"a period that a night touches counts: the night goes to two",
            {berlin, {daily("2026-11-02T00:00", "ana bo chi").window("22:00", "06:00", "mon")}},
            {{"2026-11-02T23:00", "ana"}, {"2026-11-03T05:00", "bo"}, {"2026-11-09T23:00", "chi"}, {"2026-11-10T05:00", "ana"}}},
        {"weekends of a weekly rotation", {berlin, {weekly("2026-11-02T09:00", "ana bo").window("sat 00:00", "mon 00:00")}},
            {{"2026-11-07T12:00", "ana"}, {"2026-11-14T12:00", "bo"}, {"2026-11-11T12:00", "-"}}},
        {"months with a window of one hour a week",
            {berlin, {monthly("2026-01-31T00:00", "ana bo").window("09:00", "10:00", "mon")}},
            {{"2026-02-02T09:30", "ana"}, {"2026-03-02T09:30", "bo"}, {"2026-04-06T09:30", "ana"}}},
    };
}

std::vector<Case> time_changes()
{
    return {
        {"a day's handoff stays at its local time in spring (grafana/oncall 3261, 5455)",
            {berlin, {daily("2026-03-27T09:00", "ana bo")}},
            {{"2026-03-28T07:59Z", "ana"}, {"2026-03-28T08:00Z", "bo"}, {"2026-03-29T06:59Z", "bo"},
                {"2026-03-29T07:00Z", "ana"}}},
        {"a week's handoff does not move in spring (IncidentRelay moves it)", {berlin, {weekly("2026-03-23T09:00", "ana bo")}},
            {{"2026-03-30T06:59Z", "ana"}, {"2026-03-30T07:00Z", "bo"}}},
        {"a week's handoff does not move in autumn", {berlin, {weekly("2026-10-19T09:00", "ana bo")}},
            {{"2026-10-26T07:59Z", "ana"}, {"2026-10-26T08:00Z", "bo"}}},
        {"a skipped handoff is the first instant after the gap, and the next is not moved",
            {berlin, {daily("2026-03-27T02:30", "ana bo")}},
            {{"2026-03-29T00:59Z", "bo"}, {"2026-03-29T01:00Z", "ana"}, {"2026-03-30T00:29Z", "ana"},
                {"2026-03-30T00:30Z", "bo"}}},
        {"a repeated handoff is its first occurrence", {berlin, {daily("2026-10-24T02:30", "ana bo")}},
            {{"2026-10-25T00:29Z", "ana"}, {"2026-10-25T00:30Z", "bo"}, {"2026-10-25T01:15Z", "bo"}, {"2026-10-25T01:30Z", "bo"},
                {"2026-10-26T01:29Z", "bo"}, {"2026-10-26T01:30Z", "ana"}}},
        {"the hour that is skipped is somebody's all the same", {berlin, {hours("2026-03-29T00:00", "ana bo chi dee")}},
            {{"2026-03-29T00:59Z", "bo"}, {"2026-03-29T01:00Z", "dee"}, {"2026-03-29T02:00Z", "ana"}}},
        {"the hour that is repeated is one", {berlin, {hours("2026-10-25T00:00", "ana bo chi dee")}},
            {{"2026-10-24T23:59Z", "bo"}, {"2026-10-25T00:00Z", "chi"}, {"2026-10-25T01:59Z", "chi"},
                {"2026-10-25T02:00Z", "dee"}}},
        {"eight hours stay on the wall clock (GoAlert's clock arithmetic)",
            {berlin, {hours("2026-10-24T00:00", "ana bo chi").lengths({8})}},
            {{"2026-10-25T06:59Z", "ana"}, {"2026-10-25T07:00Z", "bo"}, {"2026-10-26T06:59Z", "ana"},
                {"2026-10-26T07:00Z", "bo"}}},
        {"half an hour is skipped on Lord Howe", {"Australia/Lord_Howe", {hours("2026-10-04T00:00", "ana bo chi dee")}},
            {{"2026-10-03T15:29Z", "bo"}, {"2026-10-03T15:30Z", "chi"}, {"2026-10-03T15:59Z", "chi"},
                {"2026-10-03T16:00Z", "dee"}}},
        {"half an hour is repeated on Lord Howe", {"Australia/Lord_Howe", {hours("2026-04-05T00:00", "ana bo chi dee")}},
            {{"2026-04-04T13:59Z", "ana"}, {"2026-04-04T14:00Z", "bo"}, {"2026-04-04T15:29Z", "bo"},
                {"2026-04-04T15:30Z", "chi"}}},
        {"a zone half an hour apart", {"Asia/Kolkata", {daily("2026-11-02T09:00", "ana bo")}},
            {{"2026-11-02T03:29Z", "bo"}, {"2026-11-02T03:30Z", "ana"}}},
        {"midnight is skipped in São Paulo", {"America/Sao_Paulo", {daily("2018-11-03T00:00", "ana bo")}},
            {{"2018-11-04T02:59Z", "ana"}, {"2018-11-04T03:00Z", "bo"}, {"2018-11-05T01:59Z", "bo"},
                {"2018-11-05T02:00Z", "ana"}}},
        {"a whole day begins when it begins, in São Paulo", {"America/Sao_Paulo", {weekly("2018-11-01T00:00", "ana").on("sun")}},
            {{"2018-11-04T02:59Z", "-"}, {"2018-11-04T03:00Z", "ana"}, {"2018-11-05T01:59Z", "ana"}, {"2018-11-05T02:00Z", "-"}}},
        {"the hour before midnight is repeated in São Paulo", {"America/Sao_Paulo", {daily("2018-02-17T00:00", "ana bo")}},
            {{"2018-02-18T01:59Z", "ana"}, {"2018-02-18T02:30Z", "ana"}, {"2018-02-18T03:00Z", "bo"}}},
        {"the day that Apia skipped: its handoff is the first instant after",
            {"Pacific/Apia", {daily("2011-12-28T09:00", "ana bo chi")}},
            {{"2011-12-30T09:59Z", "bo"}, {"2011-12-30T10:00Z", "chi"}, {"2011-12-30T18:59Z", "chi"},
                {"2011-12-30T19:00Z", "ana"}}},
        {"the Friday that Apia skipped did not happen, and counted",
            {"Pacific/Apia", {daily("2011-12-23T00:00", "ana bo").on("fri")}},
            {{"2011-12-23T12:00", "ana"}, {"2011-12-29T23:59", "-"}, {"2011-12-31T00:00", "-"}, {"2012-01-06T12:00", "ana"}}},
        {"a zone whose winter is in Ramadan", {"Africa/Casablanca", {daily("2026-02-14T09:00", "ana bo")}},
            {{"2026-02-15T08:59Z", "ana"}, {"2026-02-15T09:00Z", "bo"}, {"2026-03-22T07:59Z", "bo"},
                {"2026-03-22T08:00Z", "ana"}}},
        {"zones that change on different days", {berlin, {daily("2026-03-09T09:00", "ana bo").zone("America/New_York")}},
            {{"2026-03-10T13:59", "ana"}, {"2026-03-10T14:00", "bo"}, {"2026-03-30T14:59", "ana"}, {"2026-03-30T15:00", "bo"}}},
        {"a window wholly in the gap does not happen, and its turn is used up",
            {berlin, {daily("2026-03-27T00:00", "ana bo chi").window("02:10", "02:50")}},
            {{"2026-03-28T02:20", "bo"}, {"2026-03-29T00:59Z", "-"}, {"2026-03-29T01:00Z", "-"}, {"2026-03-30T02:20", "ana"}}},
        {"a window that ends in the gap ends with it", {berlin, {daily("2026-03-27T00:00", "ana").window("01:30", "02:30")}},
            {{"2026-03-29T00:30Z", "ana"}, {"2026-03-29T00:59Z", "ana"}, {"2026-03-29T01:00Z", "-"}}},
        {"a window that begins in the gap begins after it", {berlin, {daily("2026-03-27T00:00", "ana").window("02:30", "04:00")}},
            {{"2026-03-29T00:59Z", "-"}, {"2026-03-29T01:00Z", "ana"}, {"2026-03-29T01:59Z", "ana"}, {"2026-03-29T02:00Z", "-"}}},
        {"a window in the repeated hour is open once (OneUptime L1)",
            {berlin, {daily("2026-10-20T00:00", "ana").window("02:00", "02:30")}},
            {{"2026-10-25T00:00Z", "ana"}, {"2026-10-25T00:29Z", "ana"}, {"2026-10-25T00:30Z", "-"}, {"2026-10-25T01:15Z", "-"}}},
        {"a window that ends in the repeated hour ends at the first",
            {berlin, {daily("2026-10-20T12:00", "ana").window("22:00", "02:30")}},
            {{"2026-10-25T00:29Z", "ana"}, {"2026-10-25T00:30Z", "-"}, {"2026-10-25T01:29Z", "-"}}},
        {"a night over the repeated hour is nine hours long",
            {berlin, {daily("2026-10-20T12:00", "ana").window("22:00", "06:00")}},
            {{"2026-10-24T20:00Z", "ana"}, {"2026-10-25T01:30Z", "ana"}, {"2026-10-25T04:59Z", "ana"},
                {"2026-10-25T05:00Z", "-"}}},
        {"a night over the skipped hour is seven hours long",
            {berlin, {daily("2026-03-20T12:00", "ana").window("22:00", "06:00")}},
            {{"2026-03-28T20:59Z", "-"}, {"2026-03-28T21:00Z", "ana"}, {"2026-03-29T03:59Z", "ana"}, {"2026-03-29T04:00Z", "-"}}},
        {"a weekend over the skipped hour ends at its local time",
            {berlin, {weekly("2026-03-16T00:00", "ana").window("fri 20:00", "mon 08:00")}},
            {{"2026-03-27T18:59Z", "-"}, {"2026-03-27T19:00Z", "ana"}, {"2026-03-30T05:59Z", "ana"}, {"2026-03-30T06:00Z", "-"}}},
        {"a window over the half hour that Lord Howe skips",
            {"Australia/Lord_Howe", {daily("2026-10-01T00:00", "ana").window("01:00", "03:00")}},
            {{"2026-10-03T14:29Z", "-"}, {"2026-10-03T14:30Z", "ana"}, {"2026-10-03T15:59Z", "ana"}, {"2026-10-03T16:00Z", "-"}}},
        {"a weekend ends at its local time over a change (OneUptime F8, F9)",
            {berlin, {weekly("2026-10-20T00:00", "ana").window("fri 20:00", "mon 08:00")}},
            {{"2026-10-23T17:59Z", "-"}, {"2026-10-23T18:00Z", "ana"}, {"2026-10-26T06:59Z", "ana"}, {"2026-10-26T07:00Z", "-"}}},
        {"windows follow the wall clock (grafana/oncall 2950, OneUptime 1890)",
            {berlin, {weekly("2026-10-20T00:00", "ana").window("09:00", "17:00")}},
            {{"2026-10-24T06:59Z", "-"}, {"2026-10-24T07:00Z", "ana"}, {"2026-10-25T07:59Z", "-"}, {"2026-10-25T08:00Z", "ana"}}},
        {"a begin in the gap is the first instant after", {berlin, {daily("2026-03-27T09:00", "ana").begin("2026-03-29T02:30")}},
            {{"2026-03-29T00:59Z", "-"}, {"2026-03-29T01:00Z", "ana"}}},
        {"an end that is repeated is the first", {berlin, {daily("2026-10-20T09:00", "ana").end("2026-10-25T02:30")}},
            {{"2026-10-25T00:29Z", "ana"}, {"2026-10-25T00:30Z", "-"}, {"2026-10-25T01:15Z", "-"}}},
        {"a start that does not exist is the first instant after, and drifts nowhere",
            {berlin, {hours("2026-03-29T02:30", "ana bo chi").lengths({24})}},
            {{"2026-03-29T00:59Z", "chi"}, {"2026-03-29T01:00Z", "ana"}, {"2026-03-30T00:30Z", "bo"}}},
    };
}

/// Boundaries of overrides and temporary schedules, in the schedule's zone.
std::vector<Case> changes_at_time_changes()
{
    const auto of = [](const char* zone, const char* start) { return Plan{zone, {weekly(start, "ana")}}; };
    const auto spring = of(berlin, "2026-03-23T09:00");
    const auto lord_howe = of("Australia/Lord_Howe", "2026-09-07T09:00");
    const auto apia = of("Pacific/Apia", "2011-12-05T09:00");
    return {
        {"an override that begins in the gap begins after it", Plan{spring}.put("2026-03-29T02:30", "2026-03-29T04:00", "dee"),
            {{"2026-03-29T00:59Z", "ana"}, {"2026-03-29T01:00Z", "dee"}, {"2026-03-29T01:59Z", "dee"},
                {"2026-03-29T02:00Z", "ana"}}},
        {"an override that ends in the gap ends with it", Plan{spring}.put("2026-03-29T01:30", "2026-03-29T02:30", "dee"),
            {{"2026-03-29T00:29Z", "ana"}, {"2026-03-29T00:30Z", "dee"}, {"2026-03-29T00:59Z", "dee"},
                {"2026-03-29T01:00Z", "ana"}}},
        {"an override wholly in the gap does not happen", Plan{spring}.put("2026-03-29T02:10", "2026-03-29T02:50", "dee"),
            {{"2026-03-29T00:59Z", "ana"}, {"2026-03-29T01:00Z", "ana"}}},
        {"an override that begins in the repeated hour begins at the first",
            of(berlin, "2026-10-19T09:00").put("2026-10-25T02:30", "2026-10-25T04:00", "dee"),
            {{"2026-10-25T00:29Z", "ana"}, {"2026-10-25T00:30Z", "dee"}, {"2026-10-25T02:59Z", "dee"},
                {"2026-10-25T03:00Z", "ana"}}},
        {"a temporary schedule that begins in the gap, with a shift that ends in it",
            Plan{spring}
                .temporary("2026-03-29T02:15", "2026-03-29T05:00")
                .shift("2026-03-28T00:00", "2026-03-29T02:45", "eve")
                .shift("2026-03-29T02:50", "2026-03-29T04:00", "dee"),
            {{"2026-03-29T00:59Z", "ana"}, {"2026-03-29T01:00Z", "dee"}, {"2026-03-29T01:59Z", "dee"}, {"2026-03-29T02:00Z", "-"},
                {"2026-03-29T03:00Z", "ana"}}},
        {"an override in the half hour that Lord Howe skips", Plan{lord_howe}.put("2026-10-04T02:15", "2026-10-04T03:00", "dee"),
            {{"2026-10-03T15:29Z", "ana"}, {"2026-10-03T15:30Z", "dee"}, {"2026-10-03T15:59Z", "dee"},
                {"2026-10-03T16:00Z", "ana"}}},
        {"an override in the half hour that Lord Howe repeats",
            of("Australia/Lord_Howe", "2026-03-02T09:00").put("2026-04-05T01:45", "2026-04-05T02:15", "dee"),
            {{"2026-04-04T14:44Z", "ana"}, {"2026-04-04T14:45Z", "dee"}, {"2026-04-04T15:44Z", "dee"},
                {"2026-04-04T15:45Z", "ana"}}},
        {"a temporary schedule in the half hour that Lord Howe skips",
            Plan{lord_howe}.temporary("2026-10-04T02:10", "2026-10-04T02:40"),
            {{"2026-10-03T15:29Z", "ana"}, {"2026-10-03T15:30Z", "-"}, {"2026-10-03T15:39Z", "-"}, {"2026-10-03T15:40Z", "ana"}}},
        {"an override from the day that Apia skipped", Plan{apia}.put("2011-12-30T09:00", "2011-12-31T12:00", "dee"),
            {{"2011-12-30T09:59Z", "ana"}, {"2011-12-30T10:00Z", "dee"}, {"2011-12-30T21:59Z", "dee"},
                {"2011-12-30T22:00Z", "ana"}}},
        {"an override on the day that Apia skipped does not happen",
            Plan{apia}.put("2011-12-30T00:00", "2011-12-31T00:00", "dee"),
            {{"2011-12-30T09:59Z", "ana"}, {"2011-12-30T10:00Z", "ana"}}},
        {"a temporary schedule until the day that Apia skipped", Plan{apia}.temporary("2011-12-29T12:00", "2011-12-30T18:00"),
            {{"2011-12-29T21:59Z", "ana"}, {"2011-12-29T22:00Z", "-"}, {"2011-12-30T09:59Z", "-"}, {"2011-12-30T10:00Z", "ana"}}},
    };
}

std::vector<Case> versions()
{
    return {
        {"what is planned ahead leaves history as it was",
            {berlin, {weekly("2026-11-02T09:00", "ana bo").version("2026-11-16T09:00", weekly("2026-11-16T09:00", "chi dee"))}},
            {{"2026-11-03T12:00", "ana"}, {"2026-11-16T08:59", "bo"}, {"2026-11-16T09:00", "chi"}, {"2026-11-23T09:00", "dee"}}},
        {"a version holds until the next one",
            {berlin,
                {weekly("2026-11-02T09:00", "ana")
                        .version("2026-11-10T00:00", weekly("2026-11-02T09:00", "bo"))
                        .version("2026-11-12T00:00", weekly("2026-11-02T09:00", "chi"))}},
            {{"2026-11-09T23:59", "ana"}, {"2026-11-10T00:00", "bo"}, {"2026-11-11T23:59", "bo"}, {"2026-11-12T00:00", "chi"},
                {"2030-11-12T00:00", "chi"}}},
        {"versions in two zones are in the order of their instants, whatever their clocks show",
            {berlin,
                {weekly("2026-11-02T09:00", "ana")
                        .version("2026-11-10T08:00", weekly("2026-11-02T09:00", "bo").zone("Asia/Tokyo"))
                        .version("2026-11-10T02:00", weekly("2026-11-02T09:00", "chi").zone("America/New_York"))}},
            {{"2026-11-09T22:59Z", "ana"}, {"2026-11-09T23:00Z", "bo"}, {"2026-11-10T06:59Z", "bo"},
                {"2026-11-10T07:00Z", "chi"}}},
        {"a version begins inside a turn, by its own anchor",
            {berlin, {weekly("2026-11-02T09:00", "ana").version("2026-11-10T00:00", daily("2026-11-01T00:00", "bo chi"))}},
            {{"2026-11-09T23:59", "ana"}, {"2026-11-10T00:00", "chi"}, {"2026-11-11T00:00", "bo"}}},
        {"a version's from is in its own zone",
            {berlin,
                {weekly("2026-11-02T09:00", "ana")
                        .version("2026-11-10T00:00", weekly("2026-11-02T09:00", "bo").zone("America/New_York"))}},
            {{"2026-11-10T05:59", "ana"}, {"2026-11-10T06:00", "bo"}}},
        {"a version inherits nothing: no windows, no end, no zone",
            {berlin,
                {weekly("2026-11-02T09:00", "ana")
                        .window("09:00", "17:00")
                        .end("2026-11-05T00:00")
                        .zone("Asia/Kolkata")
                        .version("2026-11-10T00:00", weekly("2026-11-02T09:00", "bo"))}},
            {{"2026-11-04T22:00", "-"}, {"2026-11-06T12:00", "-"}, {"2026-11-09T23:59", "-"}, {"2026-11-10T00:00", "bo"}}},
        {"without people of its own it begins with its first version",
            {berlin, {weekly("2026-11-02T09:00", "").version("2026-11-10T00:00", weekly("2026-11-02T09:00", "bo"))}},
            {{"2026-11-09T23:59", "-"}, {"2026-11-10T00:00", "bo"}}},
        {"a version has its own priority",
            {berlin,
                {weekly("2026-11-02T09:00", "ana").version("2026-11-10T00:00", weekly("2026-11-02T09:00", "bo").priority(2)),
                    weekly("2026-11-02T09:00", "eve").named("second").priority(1)}},
            {{"2026-11-09T23:59", "eve"}, {"2026-11-10T00:00", "bo"}}},
        {"a version's begin leaves a gap after the one before",
            {berlin,
                {weekly("2026-11-02T09:00", "ana")
                        .version("2026-11-10T00:00", weekly("2026-11-02T09:00", "bo").begin("2026-11-11T00:00"))}},
            {{"2026-11-09T23:59", "ana"}, {"2026-11-10T00:00", "-"}, {"2026-11-11T00:00", "bo"}}},
        {"a version that begins in the gap of the clocks",
            {berlin, {weekly("2026-03-23T09:00", "ana").version("2026-03-29T02:30", weekly("2026-03-23T09:00", "bo"))}},
            {{"2026-03-29T00:59Z", "ana"}, {"2026-03-29T01:00Z", "bo"}}},
        {"a version may be a free time",
            {berlin,
                {weekly("2026-11-02T09:00", "ana")
                        .version("2026-11-10T00:00", weekly("2026-11-02T09:00", "-"))
                        .version("2026-11-12T00:00", weekly("2026-11-02T09:00", "ana"))}},
            {{"2026-11-09T23:59", "ana"}, {"2026-11-10T00:00", "-"}, {"2026-11-12T00:00", "ana"}}},
    };
}

} // namespace

TEST_CASE("Turns follow their anchor, both ways", "[oncall][schedule]") { check(anchored_turns()); }
TEST_CASE("Months end with the month and never drift", "[oncall][schedule]") { check(months()); }
TEST_CASE("A handoff day splits the week of the start", "[oncall][schedule]") { check(handoff_days()); }
TEST_CASE("Windows and days say when somebody is on duty, and which periods count", "[oncall][schedule]") { check(windows()); }
TEST_CASE("Time changes make shifts shorter or longer and move nothing else", "[oncall][schedule]") { check(time_changes()); }
TEST_CASE("Overrides and temporary schedules begin and end in gaps and repeated hours as all times do", "[oncall][schedule]")
{
    check(changes_at_time_changes());
}
TEST_CASE("Versions plan ahead and leave history alone", "[oncall][schedule]") { check(versions()); }
