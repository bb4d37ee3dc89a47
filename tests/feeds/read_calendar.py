"""Reads iCalendar on standard input by a library that is not ours and says what it found, as JSON."""
import json
import sys

import icalendar

data = sys.stdin.buffer.read()
lines = data.split(b"\r\n")
assert data.endswith(b"\r\n") and b"\n" not in data.replace(b"\r\n", b""), "lines end otherwise than in CRLF"
assert all(len(line) <= 75 for line in lines), "a line is longer than 75 octets"
for line in lines:
    line.decode("utf-8")  # none is cut within a character
calendar = icalendar.Calendar.from_ical(data)
assert not calendar.errors
events = []
for event in calendar.walk("VEVENT"):
    assert not event.errors
    assert event["LAST-MODIFIED"].dt == event["DTSTAMP"].dt
    events.append({
        "uid": str(event["UID"]), "sequence": int(event["SEQUENCE"]), "changed": event["DTSTAMP"].dt.isoformat(),
        "start": event["DTSTART"].dt.isoformat(), "end": event["DTEND"].dt.isoformat(),
        "title": str(event["SUMMARY"]), "text": str(event["DESCRIPTION"]), "transparent": str(event["TRANSP"]),
    })
json.dump({"name": str(calendar["X-WR-CALNAME"]), "version": str(calendar["VERSION"]),
           "refresh": str(calendar["REFRESH-INTERVAL"].dt) if hasattr(calendar["REFRESH-INTERVAL"], "dt")
           else str(calendar["REFRESH-INTERVAL"]), "events": events}, sys.stdout)
