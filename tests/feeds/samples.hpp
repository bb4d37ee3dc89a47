#pragma once

#include <string>

/// Calendars as the products write them.
namespace samples {

/// Google Calendar, "Secret address in iCal format".
inline const std::string google = "BEGIN:VCALENDAR\r\n"
                                  "PRODID:-//Google Inc//Google Calendar 70.9054//EN\r\n"
                                  "VERSION:2.0\r\n"
                                  "CALSCALE:GREGORIAN\r\n"
                                  "METHOD:PUBLISH\r\n"
                                  "X-WR-CALNAME:Vacation cover\r\n"
                                  "X-WR-TIMEZONE:Europe/Berlin\r\n"
                                  "BEGIN:VTIMEZONE\r\n"
                                  "TZID:Europe/Berlin\r\n"
                                  "X-LIC-LOCATION:Europe/Berlin\r\n"
                                  "BEGIN:DAYLIGHT\r\n"
                                  "TZOFFSETFROM:+0100\r\n"
                                  "TZOFFSETTO:+0200\r\n"
                                  "TZNAME:GMT+2\r\n"
                                  "DTSTART:19700329T020000\r\n"
                                  "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
                                  "END:DAYLIGHT\r\n"
                                  "BEGIN:STANDARD\r\n"
                                  "TZOFFSETFROM:+0200\r\n"
                                  "TZOFFSETTO:+0100\r\n"
                                  "TZNAME:GMT+1\r\n"
                                  "DTSTART:19701025T030000\r\n"
                                  "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
                                  "END:STANDARD\r\n"
                                  "END:VTIMEZONE\r\n"
                                  "BEGIN:VEVENT\r\n"
                                  "DTSTART;TZID=Europe/Berlin:20261019T090000\r\n"
                                  "DTEND;TZID=Europe/Berlin:20261019T170000\r\n"
                                  "RRULE:FREQ=WEEKLY;UNTIL=20261130T225959Z;BYDAY=MO\r\n"
                                  "EXDATE;TZID=Europe/Berlin:20261109T090000\r\n"
                                  "DTSTAMP:20261101T101112Z\r\n"
                                  "ORGANIZER;CN=Vacation cover:mailto:c_188e@group.calendar.google.com\r\n"
                                  "UID:3kd8u1q2@google.com\r\n"
                                  "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Ana;X-NU\r\n"
                                  " M-GUESTS=0:mailto:Ana@example.com\r\n"
                                  "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=DECLINED;CN=bo@examp\r\n"
                                  " le.com;X-NUM-GUESTS=0:mailto:bo@example.com\r\n"
                                  "CREATED:20261001T080000Z\r\n"
                                  "DESCRIPTION:First line\\nsecond\\, line\r\n"
                                  "LAST-MODIFIED:20261001T080000Z\r\n"
                                  "LOCATION:\r\n"
                                  "SEQUENCE:1\r\n"
                                  "STATUS:CONFIRMED\r\n"
                                  "SUMMARY:Ana\\, weekly cover\r\n"
                                  "TRANSP:OPAQUE\r\n"
                                  "BEGIN:VALARM\r\n"
                                  "ACTION:DISPLAY\r\n"
                                  "DESCRIPTION:This is an event reminder\r\n"
                                  "TRIGGER:-P0DT0H10M0S\r\n"
                                  "END:VALARM\r\n"
                                  "END:VEVENT\r\n"
                                  "BEGIN:VEVENT\r\n"
                                  "DTSTART;TZID=Europe/Berlin:20261117T100000\r\n"
                                  "DTEND;TZID=Europe/Berlin:20261117T120000\r\n"
                                  "DTSTAMP:20261101T101112Z\r\n"
                                  "UID:3kd8u1q2@google.com\r\n"
                                  "RECURRENCE-ID;TZID=Europe/Berlin:20261116T090000\r\n"
                                  "SUMMARY:Moved to Tuesday\r\n"
                                  "STATUS:CONFIRMED\r\n"
                                  "END:VEVENT\r\n"
                                  "BEGIN:VEVENT\r\n"
                                  "DTSTART;VALUE=DATE:20261224\r\n"
                                  "DTEND;VALUE=DATE:20261227\r\n"
                                  "DTSTAMP:20261101T101112Z\r\n"
                                  "UID:holidays@google.com\r\n"
                                  "SUMMARY:Out of office\r\n"
                                  "STATUS:CONFIRMED\r\n"
                                  "END:VEVENT\r\n"
                                  "BEGIN:VEVENT\r\n"
                                  "DTSTART:20261201T120000Z\r\n"
                                  "DTEND:20261201T130000Z\r\n"
                                  "DTSTAMP:20261101T101112Z\r\n"
                                  "UID:gone@google.com\r\n"
                                  "SUMMARY:Cancelled\r\n"
                                  "STATUS:CANCELLED\r\n"
                                  "END:VEVENT\r\n"
                                  "END:VCALENDAR\r\n";

/// Outlook / Exchange, "Publish calendar": Windows' names of zones, each described from the year 1601 on.
inline const std::string outlook_zone = "BEGIN:VTIMEZONE\r\n"
                                        "TZID:%ZONE%\r\n"
                                        "BEGIN:STANDARD\r\n"
                                        "DTSTART:16010101T030000\r\n"
                                        "TZOFFSETFROM:+0200\r\n"
                                        "TZOFFSETTO:+0100\r\n"
                                        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r\n"
                                        "END:STANDARD\r\n"
                                        "BEGIN:DAYLIGHT\r\n"
                                        "DTSTART:16010101T020000\r\n"
                                        "TZOFFSETFROM:+0100\r\n"
                                        "TZOFFSETTO:+0200\r\n"
                                        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\r\n"
                                        "END:DAYLIGHT\r\n"
                                        "END:VTIMEZONE\r\n";
inline const std::string outlook_event = "BEGIN:VEVENT\r\n"
                                         "UID:040000008200E00074C5B7101A82E00800000000A0B1C2D3E4F5DB01000000000000000\r\n"
                                         " 010000000F1E2D3C4B5A69788796A5B4C3D2E1F00\r\n"
                                         "SUMMARY:On call: Bo\r\n"
                                         "DTSTART;TZID=%ZONE%:20261023T200000\r\n"
                                         "DTEND;TZID=%ZONE%:20261024T080000\r\n"
                                         "RRULE:FREQ=DAILY;COUNT=4;INTERVAL=1\r\n"
                                         "CLASS:PUBLIC\r\n"
                                         "PRIORITY:5\r\n"
                                         "DTSTAMP:20261010T074512Z\r\n"
                                         "TRANSP:OPAQUE\r\n"
                                         "STATUS:CONFIRMED\r\n"
                                         "SEQUENCE:0\r\n"
                                         "LOCATION:\r\n"
                                         "X-MICROSOFT-CDO-APPT-SEQUENCE:0\r\n"
                                         "X-MICROSOFT-CDO-BUSYSTATUS:OOF\r\n"
                                         "X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY\r\n"
                                         "X-MICROSOFT-CDO-ALLDAYEVENT:FALSE\r\n"
                                         "X-MICROSOFT-CDO-IMPORTANCE:1\r\n"
                                         "X-MICROSOFT-CDO-INSTTYPE:1\r\n"
                                         "X-MICROSOFT-DISALLOW-COUNTER:FALSE\r\n"
                                         "END:VEVENT\r\n";

inline std::string with_zone(std::string text, const std::string& zone)
{
    const std::string mark = "%ZONE%";
    for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at))
        text.replace(at, mark.size(), zone);
    return text;
}

/// With the zone described, or by name alone.
inline std::string outlook(const std::string& zone, bool described)
{
    return "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nPRODID:Microsoft Exchange Server 2010\r\nVERSION:2.0\r\n"
           "X-WR-CALNAME:Calendar\r\n"
        + with_zone((described ? outlook_zone : "") + outlook_event, zone) + "END:VCALENDAR\r\n";
}

/// Google's public calendar of holidays, "en.german#holiday@group.v.calendar.google.com": whole days, marked as free.
inline const std::string google_holidays = "BEGIN:VCALENDAR\r\n"
                                           "PRODID:-//Google Inc//Google Calendar 70.9054//EN\r\n"
                                           "VERSION:2.0\r\n"
                                           "CALSCALE:GREGORIAN\r\n"
                                           "METHOD:PUBLISH\r\n"
                                           "X-WR-CALNAME:Holidays in Germany\r\n"
                                           "X-WR-TIMEZONE:UTC\r\n"
                                           "X-WR-CALDESC:Holidays and Observances in Germany\r\n"
                                           "BEGIN:VEVENT\r\n"
                                           "DTSTART;VALUE=DATE:20261225\r\n"
                                           "DTEND;VALUE=DATE:20261226\r\n"
                                           "DTSTAMP:20261101T101112Z\r\n"
                                           "UID:20261225_0b5k4tcm6q3k1bs0@google.com\r\n"
                                           "CLASS:PUBLIC\r\n"
                                           "CREATED:20240517T120000Z\r\n"
                                           "DESCRIPTION:Public holiday\r\n"
                                           "LAST-MODIFIED:20240517T120000Z\r\n"
                                           "SEQUENCE:0\r\n"
                                           "STATUS:CONFIRMED\r\n"
                                           "SUMMARY:Christmas Day\r\n"
                                           "TRANSP:TRANSPARENT\r\n"
                                           "END:VEVENT\r\n"
                                           "BEGIN:VEVENT\r\n"
                                           "DTSTART;VALUE=DATE:20261226\r\n"
                                           "DTEND;VALUE=DATE:20261227\r\n"
                                           "DTSTAMP:20261101T101112Z\r\n"
                                           "UID:20261226_l6k4tcm6q3k1bs0g@google.com\r\n"
                                           "CLASS:PUBLIC\r\n"
                                           "STATUS:CONFIRMED\r\n"
                                           "SUMMARY:Boxing Day\r\n"
                                           "TRANSP:TRANSPARENT\r\n"
                                           "END:VEVENT\r\n"
                                           "END:VCALENDAR\r\n";

inline std::string calendar_of(const std::string& events)
{
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n" + events + "END:VCALENDAR\r\n";
}
inline std::string event_of(const std::string& properties)
{
    return "BEGIN:VEVENT\r\nUID:1@test\r\nSUMMARY:One\r\n" + properties + "END:VEVENT\r\n";
}

} // namespace samples
