// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>
#include <string>
#include <vector>

namespace timestep {

/// One way to write the numbers behind a picture.
struct DataFormat
{
    QString name; // for people: "spans, CSV"
    QString ending; // of a file's name, without the first point: "csv", "chrome.json"
    /// The contents of the file. Holds all that it needs, so that any thread may call it.
    std::function<std::string()> write;
};

/// The format whose ending a file's name has, in letters of either case; of several the longest.
/// Null: none.
const DataFormat* dataFormatOf(const std::vector<DataFormat>& formats, const QString& fileName);

} // namespace timestep
