// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window_application.h"

#include "app/arguments.h"
#include "app/everywhere.h"
#include "engine/error.h"
#include "engine/model/bundled_models.h"
#include "engine/resource_folder.h"
#include "ui/models/number_text.h"
#include "ui/models/samples.h"
#include "ui/session/session.h"

#include <QApplication>

#include <cstdio>
#include <cstdlib>

namespace timestep {

namespace {

/// Qt warns about much that is no trouble to anybody who looks at a window.
void tellQtMessage(QtMsgType type, const QMessageLogContext&, const QString& message)
{
    if (type == QtDebugMsg || type == QtInfoMsg || type == QtWarningMsg)
        return;
    std::fprintf(stderr, "timestep: %s\n", qPrintable(message.simplified()));
    if (type == QtFatalMsg)
        std::_Exit(1);
}

bool isSet(const char* name)
{
    return qEnvironmentVariableIsSet(name) && !qEnvironmentVariableIsEmpty(name);
}

/// Of the pair that --model names, else of those that read as its first model does.
bool suits(const BundledPair& pair, const std::vector<std::string>& models)
{
    const BundledModels& bundled = BundledModels::ofProgram();
    if (models.empty())
        return pair.name == bundled.defaultPair().name;
    const BundledModel* const model = bundled.model(models.front());
    return model ? bundled.model(pair.lstm)->vocabulary == model->vocabulary
                 : pair.name == models.front();
}

std::string suitableText(const std::vector<std::string>& models)
{
    try {
        for (const BundledPair& pair : BundledModels::ofProgram().pairs()) {
            if (!suits(pair, models))
                continue;
            const auto samples = samplesOf(pair.name, resourceFolder() / "samples");
            if (!samples.empty())
                return sampleText(samples.front());
        }
    } catch (const Error&) { // told where models are opened, and samples are looked at
    }
    return firstText;
}

} // namespace

std::unique_ptr<QApplication> makeApplication()
{
    if (!isSet("QT_QPA_PLATFORM") && !isSet("DISPLAY") && !isSet("WAYLAND_DISPLAY")) {
        throw Error("there is no display to open a window on; see timestep render --help for "
                    "pictures without one");
    }
    qInstallMessageHandler(tellQtMessage);
    QLocale::setDefault(numberLocale());
    static int argumentCount = 1;
    static char name[] = "timestep";
    static char* argumentValues[] = { name, nullptr };
    QApplication::setApplicationName(QStringLiteral("timestep"));
    auto application = std::make_unique<QApplication>(argumentCount, argumentValues);
    QApplication::setStyle(QStringLiteral("Fusion"));
    return application;
}

SessionArguments sessionArguments(const Arguments& arguments)
{
    const Kernels& kernels = chosenKernels(arguments);
    const std::vector<std::string> models = arguments.texts("--model");
    if (models.size() > 2) {
        throw UsageError("--model names " + std::to_string(models.size())
            + " models: the window compares two models, one of each kind");
    }
    return { .kernel = arguments.has("--kernel") ? std::string(kernels.name) : "",
        .seed = chosenSeed(arguments),
        .memoryBudget = chosenMemoryBudget(arguments),
        .models = models };
}

std::string openingText(const Arguments& arguments)
{
    const bool given = arguments.has("--text") || arguments.has("--text-file");
    return chosenText(arguments, given ? std::string() : suitableText(arguments.texts("--model")));
}

void apply(const SessionArguments& arguments, Session& session)
{
    Settings settings = session.settings();
    settings.kernel = arguments.kernel;
    settings.seed = arguments.seed;
    settings.memoryBudget = arguments.memoryBudget;
    session.setSettings(settings);
    session.openModels(arguments.models);
}

ThemeChoice chosenTheme(const Arguments& arguments, std::string_view fallback)
{
    const std::string theme = arguments.choice("--theme", fallback, { "system", "light", "dark" });
    if (theme == "system")
        return ThemeChoice::System;
    return theme == "dark" ? ThemeChoice::Dark : ThemeChoice::Light;
}

} // namespace timestep
