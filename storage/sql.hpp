#pragma once

#include "storage/database.hpp"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>

#include <concepts>

namespace storage {

/// A statement with its binds in order: `for (Query q{tx, sql, a, b}; q.step();)`. Columns are read in the order selected.
class Query {
public:
    template <class... Values>
    Query(Transaction& tx, std::string_view sql, const Values&... values)
        : statement_{tx.prepare(sql)}
    {
        int at = 0;
        (bind(++at, values), ...);
    }
    bool step()
    {
        column_ = 0;
        return statement_.executeStep();
    }
    void run() { statement_.exec(); }

    std::string text() { return statement_.getColumn(column_++).getString(); }
    std::int64_t integer() { return statement_.getColumn(column_++).getInt64(); }
    int number() { return statement_.getColumn(column_++).getInt(); }
    TimePoint time() { return TimePoint{oncall::milliseconds{integer()}}; }
    bool null() { return statement_.getColumn(column_).isNull(); }

private:
    void bind(int at, const std::string& value) { statement_.bind(at, value); }
    void bind(int at, std::string_view value) { statement_.bind(at, std::string{value}); }
    void bind(int at, const char* value) { statement_.bind(at, std::string{value}); }
    void bind(int at, TimePoint value) { statement_.bind(at, static_cast<int64_t>(value.time_since_epoch().count())); }
    void bind(int at, std::integral auto value) { statement_.bind(at, static_cast<int64_t>(value)); }

    SQLite::Statement& statement_;
    int column_{};
};

template <class... Values> void run(Transaction& tx, std::string_view sql, const Values&... values)
{
    Query{tx, sql, values...}.run();
}

} // namespace storage
