#pragma once

#include "workspace/workspace.hpp"

#include <functional>
#include <optional>

namespace workspace {

/// The workspace to look at and to click through: a page on this machine that draws what each of its people sees, live, and hands
/// on what is done there as a gesture of that person. Refuses whatever does not come from its own page: other hosts' names (DNS
/// rebinding), and POSTs without the token that the page was given. The workspace must outlive it.
class Face {
public:
    /// Listens on `address`, of this machine alone; throws std::invalid_argument for another, std::system_error when it is taken.
    explicit Face(Workspace& workspace, std::string address = "127.0.0.1:0");
    ~Face();
    Face(const Face&) = delete;
    Face& operator=(const Face&) = delete;

    /// What to open in a browser.
    std::string url() const;

    /// A shortcut in the menu of every message, as the app's manifest has it.
    void add_shortcut(std::string callback_id, std::string name);
    /// One that is had from anywhere, about no message.
    void add_global_shortcut(std::string callback_id, std::string name);
    /// A button beside Slack: something happens outside of it. Called on the loop.
    void add_lever(std::string label, std::function<void()> pull);
    /// The page may choose how fast the clock goes, beginning with `speed`: it stands (0), goes as in life (1), or hurries (100).
    /// Whoever moves the clock asks.
    void let_choose_speed(int speed);
    int speed() const;
    /// Somebody waits for the app's answer: this is no time to hurry.
    bool is_waiting() const;

    struct Room;

private:
    std::shared_ptr<Room> room_;
};

/// The page: its files, compiled in. nullptr: there is none of that name.
struct PageFile {
    std::string_view name{};
    std::string_view type{};
    std::string_view text{};
};
const PageFile* page_file(std::string_view name);

} // namespace workspace
