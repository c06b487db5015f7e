// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/picture_choices.h"

#include <algorithm>

namespace timestep {

namespace {

std::string names(const std::vector<PictureChoice>& choices)
{
    QStringList all;
    for (const PictureChoice& choice : choices)
        all.append(choice.name + QLatin1Char('=') + choice.values.join(QLatin1Char('|')));
    return all.isEmpty() ? "nothing: there is nothing to choose in this view"
                         : all.join(QStringLiteral(", ")).toStdString();
}

} // namespace

std::vector<std::function<void()>> chosenInPicture(
    const Arguments& arguments, const std::vector<PictureChoice>& choices)
{
    std::vector<std::function<void()>> chosen;
    for (const std::string& text : arguments.texts("--choose")) {
        const QString given = QString::fromStdString(text);
        const QString name = given.section(QLatin1Char('='), 0, 0);
        const auto choice = std::find_if(choices.begin(), choices.end(),
            [&name](const PictureChoice& each) { return each.name == name; });
        const auto value = choice == choices.end()
            ? -1
            : choice->values.indexOf(given.section(QLatin1Char('='), 1));
        if (value < 0)
            throw wrongValue("--choose", text, names(choices));
        chosen.push_back([choose = choice->choose, value] { choose(static_cast<int>(value)); });
    }
    return chosen;
}

} // namespace timestep
