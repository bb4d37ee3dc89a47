-- What Slack says somebody is: 'member', 'guest', 'bot' or 'gone'; '' until it has been asked.
ALTER TABLE people ADD COLUMN kind TEXT NOT NULL DEFAULT '';
