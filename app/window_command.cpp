// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/arguments.h"
#include "app/commands.h"
#include "app/everywhere.h"
#include "app/window_application.h"
#include "ui/session/session.h"
#include "ui/views/main_window.h"
#include "ui/views/workspaces.h"

#include <QApplication>
#include <QMetaObject>
#include <QScreen>
#include <QSettings>

namespace timestep {

namespace {

/// As large as is comfortable, and whole on a small screen with the frame that the desktop adds.
QSize startingSize(const QScreen& screen)
{
    constexpr QSize comfortable { 1600, 1000 };
    constexpr QSize frame { 8, 40 };
    return comfortable.boundedTo(screen.availableSize() - frame);
}

/// What a person sets once: the panel of the next tokens stays folded, or open.
void rememberFolding(MainWindow& window, QSettings& settings)
{
    const QString key = QStringLiteral("nextToken/folded");
    ViewSettings view = window.viewSettings();
    view.nextTokenFolded = settings.value(key, view.nextTokenFolded).toBool();
    window.setViewSettings(view);
    QObject::connect(&window, &MainWindow::viewSettingsChanged, &window, [&window, &settings, key] {
        if (!window.viewSettings().presentation) // which folds it for as long as it lasts
            settings.setValue(key, window.viewSettings().nextTokenFolded);
    });
}

int runWindow(const Arguments& arguments, std::stop_token stop)
{
    const std::string text = openingText(arguments);
    const ThemeChoice theme = chosenTheme(arguments, "system");
    const SessionArguments forSession = sessionArguments(arguments);
    const auto application = makeApplication();
    Session session;
    session.setText(text);
    MainWindow window(session);
    addWorkspaces(window, session);
    ViewSettings view = window.viewSettings();
    view.theme = theme;
    window.setViewSettings(view);
    QSettings remembered(QStringLiteral("Timestep"), QStringLiteral("timestep"));
    rememberFolding(window, remembered);
    window.resize(startingSize(*window.screen()));
    window.showWorkspace(1);
    window.show();
    apply(forSession, session); // models are made while the window is painted first
    const std::stop_callback quit(stop,
        [] { QMetaObject::invokeMethod(qApp, &QCoreApplication::quit, Qt::QueuedConnection); });
    return QApplication::exec();
}

} // namespace

Command windowCommand()
{
    return { .name = "",
        .purpose = "Opens the window",
        .options = {
            { "--model", "NAME|DIR",
                "a bundled pair or model (see timestep models), or a model folder; two make a pair "
                "(default: the bundled pair)",
                Option::Takes::Values },
            { "--text", "TEXT", "text to begin with (default: one that suits the models)" },
            { "--text-file", "FILE", "file that holds the text to begin with" },
            { "--theme", "THEME", "system, light or dark (default: system)" },
        },
        .run = runWindow };
}

} // namespace timestep
