#pragma once

#include "oncall/directory.hpp"

#include <string_view>

/// What directories elsewhere say of services, by their format. Foreign texts: sizes, depth and counts are limited, and what is
/// wrong is said with its line. Pure.
namespace config {

/// `services:` a mapping of names, or a list with names in it; or that mapping or list alone.
oncall::DirectoryRead directory_in_yaml(std::string_view text);

/// RFC 4180; the first line names the columns.
oncall::DirectoryRead directory_in_csv(std::string_view text);

/// Backstage's catalog files, also several documents in one, and the list that its catalog's API answers with. Entities that are
/// no components are passed over, and so are libraries and documentation: nobody is paged for them.
oncall::DirectoryRead directory_in_backstage(std::string_view text);

/// A page of the answer to `GET /ng/api/servicesV2` of Harness.
struct HarnessPage {
    oncall::DirectoryRead read{}; // not checked yet: `checked` is for all pages together
    int pages{}; // that there are
    int services{}; // that there are on all of them
    int count{}; // on this one
};
HarnessPage directory_in_harness(std::string_view body, int page);

} // namespace config
