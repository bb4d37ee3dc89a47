#include "config/directory_entries.hpp"
#include "config/directory_fields.hpp"
#include "config/utf8.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace config {

namespace {

using oncall::DirectoryEntry;
using oncall::DirectoryRead;

constexpr std::size_t most_columns = 50;
constexpr std::string_view label_column{"label:"};
constexpr std::string_view csv_columns[]{
    "name", "owner", "team", "tier", "description", "runbook", "labels", "links", "depends_on"};

struct CsvRow {
    int line{};
    std::vector<std::string> cells{};
};

/// The rows of a text one after the other, and what is wrong with the first that cannot be read.
class CsvReader {
public:
    explicit CsvReader(std::string_view text)
        : text_{text}
    {
        constexpr std::string_view mark{"\xef\xbb\xbf"};
        if (text_.starts_with(mark)) // as spreadsheets write it
            at_ = mark.size();
    }
    /// False at the end, or where `problem` says why.
    bool next(CsvRow& row)
    {
        row = {line_, {}};
        if (at_ >= text_.size())
            return false;
        while (true) {
            row.cells.push_back(at_ < text_.size() && text_[at_] == '"' ? quoted() : bare());
            if (!problem.empty())
                return false;
            if (row.cells.size() > most_columns) {
                problem = here() + "there are more than 50 columns";
                return false;
            }
            if (at_ < text_.size() && text_[at_] == ',') {
                ++at_;
                continue;
            }
            end_line();
            return problem.empty();
        }
    }
    std::string problem{};

private:
    std::string here() const { return "line " + std::to_string(line_) + ": "; }
    std::string bare()
    {
        const auto end = std::min(text_.find_first_of(",\r\n\"", at_), text_.size());
        if (end < text_.size() && text_[end] == '"')
            problem = here() + "a quote stands inside of a cell without quotes";
        const auto cell = text_.substr(at_, end - at_);
        at_ = end;
        return std::string{cell};
    }
    std::string quoted()
    {
        const auto begins = line_;
        std::string cell;
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '"') {
                if (text_.substr(at_ + 1, 1) != "\"") {
                    ++at_;
                    return cell;
                }
                ++at_; // two of them are one
            }
            line_ += text_[at_] == '\n';
            cell += text_[at_];
        }
        problem = "line " + std::to_string(begins) + ": a quote is not closed";
        return cell;
    }
    void end_line()
    {
        if (at_ >= text_.size())
            return;
        if (text_.substr(at_, 2) == "\r\n")
            ++at_;
        if (text_[at_] != '\n' && text_[at_] != '\r')
            problem = here() + "something stands behind a closing quote";
        ++at_;
        ++line_;
    }

    std::string_view text_;
    std::size_t at_{};
    int line_{1};
};

bool is_column(const std::string& name)
{
    return std::find(std::begin(csv_columns), std::end(csv_columns), name) != std::end(csv_columns)
        || (name.starts_with(label_column) && name.size() > label_column.size());
}

/// What is wrong with the names of the columns; empty: nothing.
std::string wrong_columns(const std::vector<std::string>& columns)
{
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!is_column(columns[i]))
            return "line 1: there is no column `" + oncall::foreign_line(columns[i], 40)
                + "`; use name, owner, tier, description, runbook, labels, label:…, links, depends_on";
        if (std::find(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(i), columns[i])
            != columns.begin() + static_cast<std::ptrdiff_t>(i))
            return "line 1: the column `" + oncall::foreign_line(columns[i], 40) + "` is there twice";
    }
    if (std::find(columns.begin(), columns.end(), "name") == columns.end())
        return "line 1: there is no column `name`";
    return {};
}

void put_cell(DirectoryEntry& entry, const std::string& column, const std::string& cell)
{
    if (cell.empty())
        return;
    if (column == "name")
        entry.name = cell;
    else if (column == "owner" || (column == "team" && entry.owner.empty()))
        entry.owner = cell;
    else if (column == "tier")
        entry.tier = tier_in(cell);
    else if (column == "description")
        entry.description = cell;
    else if (column == "runbook")
        entry.runbook = cell;
    else if (column == "depends_on")
        entry.depends_on = words_between(cell);
    else if (column == "links")
        for (auto& address : words_between(cell))
            entry.links.push_back({std::move(address), {}});
    else if (column == "labels")
        for (const auto& word : words_between(cell)) {
            const auto sign = std::min(word.find('='), word.size());
            entry.labels.emplace(oncall::trimmed(word.substr(0, sign)), word.substr(std::min(sign + 1, word.size())));
        }
    else if (column.starts_with(label_column))
        entry.labels[column.substr(label_column.size())] = cell;
}

/// The first thing that is no text; empty: all of it is.
std::string foreign_text(std::string_view text)
{
    int line = 1;
    for (std::size_t at = 0; at < text.size();) {
        const auto code = next_character(text, at);
        if (!code)
            return "line " + std::to_string(line) + ": this is not UTF-8";
        if ((*code < 0x20 && *code != '\t' && *code != '\n' && *code != '\r') || *code == 0x7f)
            return "line " + std::to_string(line) + ": there is a control character";
        line += *code == '\n';
    }
    return {};
}

} // namespace

DirectoryRead directory_in_csv(std::string_view text)
{
    DirectoryRead read;
    if (text.size() > oncall::most_directory_text) {
        read.problem = "it is larger than 4 MiB";
        return read;
    }
    read.problem = foreign_text(text);
    if (!read.problem.empty())
        return read;
    CsvReader rows{text};
    CsvRow row;
    std::vector<std::string> columns;
    while (rows.next(row)) {
        if (columns.empty()) {
            for (auto& cell : row.cells)
                columns.push_back(oncall::lower(oncall::trimmed(cell)));
            read.problem = wrong_columns(columns);
            if (!read.problem.empty())
                return read;
            continue;
        }
        if (row.cells.size() == 1 && oncall::trimmed(row.cells.front()).empty())
            continue; // an empty line
        DirectoryEntry entry;
        entry.line = row.line;
        for (std::size_t i = 0; i < std::min(columns.size(), row.cells.size()); ++i)
            put_cell(entry, columns[i], std::string{oncall::trimmed(row.cells[i])});
        if (row.cells.size() == columns.size())
            read.entries.push_back(std::move(entry));
        else
            read.mistakes.push_back({entry.line, entry.name,
                "it has " + std::to_string(row.cells.size()) + " cells, and the first line has "
                    + std::to_string(columns.size())});
        if (read.entries.size() + read.mistakes.size() > oncall::most_services)
            break; // more is not looked at
    }
    read.problem = rows.problem;
    if (read.problem.empty() && columns.empty())
        read.problem = "it is empty: the first line names the columns";
    return oncall::checked(std::move(read));
}

} // namespace config
