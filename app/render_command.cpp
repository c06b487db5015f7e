// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/arguments.h"
#include "app/commands.h"
#include "app/everywhere.h"
#include "app/interruption.h"
#include "app/output_file.h"
#include "app/picture_choices.h"
#include "app/session_settings.h"
#include "app/window_application.h"
#include "engine/error.h"
#include "ui/session/playback_clock.h"
#include "ui/session/session.h"
#include "ui/views/frame_files.h"
#include "ui/views/main_window.h"
#include "ui/views/picture_format.h"
#include "ui/views/workspace.h"
#include "ui/views/workspaces.h"

#include <QApplication>
#include <QEventLoop>
#include <QTimer>

#include <charconv>
#include <limits>
#include <optional>

namespace timestep {

namespace {

constexpr const char* renderNotes
    = "Without --whole the picture is of the window, and without --size that is as high as its\n"
      "workspace needs, at most 8192. With --whole --size is that of the window, too: the "
      "workspace\n"
      "is as wide as there, and as high as all of it needs, at most 8000.\n"
      "--choose, of attention: stage=scores|masked|softmax, arcs=off|on, shading=head|row|whole,\n"
      "causal=off|on; of race: question=length|rows|sub-batches|memory,\n"
      "pass=inference|training|generation, pair=parameters|layers, longest=256|1024|4096,\n"
      "repeats=5|25|101, speed-up-length=text|longest, scale=logarithmic|linear,\n"
      "page=plots|table|verdict.\n"
      "--frames N writes N pictures with the clock from its first moment to its last, at even "
      "distances:\n"
      "-o steps-%04d.png names them steps-0001.png and so on, as does -o steps.png.\n"
      "Of steps: .csv a line for each operation of both plans "
      "(model,index,operation,layer,first_step,\n"
      "last_step,sub_batch,first_row,last_row,part,phase,flops,earliest_start,start,finish,worker,"
      "needs); "
      "times in\n"
      "units of the plan, all counted from 0 but layers, needs are indices within "
      "its model;\n"
      ".json the same with what the plan is of.\n"
      "Of attention, at most 2048 tokens. CSV: "
      "layer,head,row,column,row_token,column_token,share,\n"
      "score, a line for each pair that the mask leaves; layer and head count from 1, row (the "
      "token\n"
      "that reads) and column (the token read) from 0; score is q.k / sqrt(d), what softmax makes "
      "the\n"
      "shares of. JSON: "
      "{\"layer\",\"head\",\"causal\",\"window\",\"tokens\":[T],\"affinity\":[T][T],\n"
      "\"scores\":[T][T]}, zeros in the affinity where masked, scores of all pairs.\n"
      "Of threads: .csv a line for each span, .lanes.csv a line for each work and each wait of a "
      "thread\n"
      "(run,model,batch,lane,state,begin_ns,end_ns,cpu_ns; they fill each lane from 0 to the end "
      "of "
      "its\n"
      "run), .json and .chrome.json as timestep trace. Layers, steps, rows, heads and lanes count "
      "from 0\n"
      "in these files; the window names layers, heads and threads from 1.\n"
      "Of race: .csv a line for each point, with the columns of timestep bench (bench --help); "
      ".json the\n"
      "points as timestep bench --json writes them, where each is drawn, the plans and the "
      "settings.";

struct View
{
    std::string_view name;
    int number;
};

constexpr View views[] = { { "steps", 1 }, { "attention", 2 }, { "lstm", 3 }, { "threads", 4 },
    { "race", 5 }, { "training", 6 } };

int chosenView(const Arguments& arguments)
{
    std::vector<std::string_view> names;
    for (const View& view : views)
        names.push_back(view.name);
    const std::string name = arguments.choice("--view", "steps", names);
    for (const View& view : views) {
        if (view.name == name)
            return view.number;
    }
    return 0;
}

constexpr QSize usualSize(1600, 900);
constexpr int mostPixels = 8192; // of a side

/// None: as high as all of the workspace needs.
std::optional<QSize> chosenSize(const Arguments& arguments)
{
    if (!arguments.has("--size"))
        return std::nullopt;
    const std::string text = arguments.text("--size");
    const char* end = text.data() + text.size();
    int width = 0, height = 0;
    const auto first = std::from_chars(text.data(), end, width);
    const bool parted = first.ec == std::errc() && first.ptr != end && *first.ptr == 'x';
    const auto second = std::from_chars(parted ? first.ptr + 1 : end, end, height);
    constexpr int leastWidth = 900, leastHeight = 600;
    const bool good = second.ec == std::errc() && second.ptr == end && width >= leastWidth
        && height >= leastHeight && width <= mostPixels && height <= mostPixels;
    if (!good)
        throw wrongValue("--size", text, "WIDTHxHEIGHT from 900x600 to 8192x8192");
    return QSize(width, height);
}

/// Layer and head as they are shown, from 1.
std::optional<std::pair<int, int>> chosenHead(const Arguments& arguments)
{
    if (!arguments.has("--head"))
        return std::nullopt;
    const std::string text = arguments.text("--head");
    const char* end = text.data() + text.size();
    int layer = 0, head = 0;
    const auto first = std::from_chars(text.data(), end, layer);
    const bool parted = first.ec == std::errc() && first.ptr != end && *first.ptr == ',';
    const auto second = std::from_chars(parted ? first.ptr + 1 : end, end, head);
    if (second.ec != std::errc() || second.ptr != end || layer < 1 || head < 1)
        throw wrongValue("--head", text, "LAYER,HEAD, both from 1");
    return std::pair(layer, head);
}

/// From 2, as tokens are counted where they are shown; 0: the one where that does most harm.
std::optional<int> chosenBrokenLink(const Arguments& arguments)
{
    constexpr int most = 1 << 20;
    if (!arguments.has("--break-link"))
        return std::nullopt;
    return arguments.text("--break-link") == "most"
        ? 0
        : static_cast<int>(arguments.integer("--break-link", 2, 2, most));
}

/// The last token in use, unless a broken link is to be shown.
std::optional<int> tokenToPin(std::optional<int> brokenLink, IndexRange used)
{
    if (used.count() == 0 || brokenLink == 0)
        return std::nullopt;
    if (brokenLink > used.count())
        throw Error("--break-link " + std::to_string(*brokenLink) + ": only "
            + std::to_string(used.count()) + (used.count() == 1 ? " token is" : " tokens are")
            + " in use; choose one from 2 to that");
    return used.begin + brokenLink.value_or(used.count()) - 1;
}

void applyHead(std::pair<int, int> chosen, Session& session)
{
    const ModelShape& shape = session.models().attention->shape;
    if (chosen.first > shape.layers || chosen.second > shape.heads)
        throw wrongValue("--head",
            std::to_string(chosen.first) + ',' + std::to_string(chosen.second),
            "at most " + std::to_string(shape.layers) + ',' + std::to_string(shape.heads)
                + ", the layers and heads of " + session.models().attention->name);
    session.selection().setHead(chosen.first - 1, chosen.second - 1);
}

/// Of an animation; 0: one picture.
int chosenFrames(const Arguments& arguments)
{
    constexpr int most = 100'000;
    if (!arguments.has("--frames"))
        return 0;
    if (arguments.has("--time"))
        throw UsageError("--frames and --time exclude each other: frames go through all times");
    return static_cast<int>(arguments.integer("--frames", 0, 1, most));
}

std::optional<double> chosenTime(const Arguments& arguments)
{
    if (!arguments.has("--time"))
        return std::nullopt;
    const std::string text = arguments.text("--time");
    double units = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), units);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || units < 0)
        throw wrongValue("--time", text, "0 or more, in units of the plan, for threads in ms");
    return units;
}

/// Before anything is computed. A workspace writes its picture, or the numbers behind it.
void requireKnownEnding(const std::string& path, const std::vector<DataFormat>& formats)
{
    const QString file = QString::fromStdString(path);
    if (pictureFormatOf(file) || dataFormatOf(formats, file))
        return;
    std::string endings;
    for (const DataFormat& format : formats)
        endings += '.' + format.ending.toStdString() + ", ";
    throw wrongValue("-o", path, "a file that ends in " + endings + ".png, .svg or .pdf");
}

std::string contents(
    const std::string& path, const PictureSource& picture, const std::vector<DataFormat>& formats)
{
    const QString file = QString::fromStdString(path);
    if (const DataFormat* data = dataFormatOf(formats, file))
        return data->write();
    return picture(*pictureFormatOf(file)).toStdString();
}

/// The least height, to a few pixels, at which nothing of the workspace must be scrolled up or
/// down; where there is none, the greatest a picture may have.
void growToShowAll(MainWindow& window)
{
    constexpr int close = 4; // pixels
    const auto scrollsAt = [&window](int height) {
        window.resize(window.width(), height);
        QApplication::processEvents();
        return window.workspaceScrolls();
    };
    int scrolls = window.height();
    int shows = mostPixels;
    if (!scrollsAt(scrolls))
        return;
    while (shows - scrolls > close) {
        const int between = (scrolls + shows) / 2;
        (scrollsAt(between) ? scrolls : shows) = between;
    }
    scrollsAt(shows);
}

/// The window, or with --whole its workspace alone. All pictures of a source have one size.
PictureSource pictureSource(const Arguments& arguments, MainWindow& window)
{
    if (arguments.has("--whole"))
        return [&window, size = window.wholePictureSize()](
                   PictureFormat format) { return window.wholePicture(format, size); };
    if (!chosenSize(arguments))
        growToShowAll(window);
    return [&window](PictureFormat format) { return pictureOf(window, format); };
}

/// What a workspace can write beside its picture. A report that has the ending of a picture is told
/// apart from it: "report.pdf".
std::vector<DataFormat> formatsOf(const Workspace& workspace)
{
    std::vector<DataFormat> formats = workspace.dataFormats();
    for (DataFormat& report : workspace.reportFormats()) {
        if (pictureFormatOf(QLatin1String("x.") + report.ending))
            report.ending.prepend(QLatin1String("report."));
        formats.push_back(std::move(report));
    }
    return formats;
}

/// Runs the event loop until `done`, or throws what the session says went wrong.
template <typename Predicate>
void waitFor(Session& session, const std::stop_token& stop, Predicate done)
{
    std::optional<std::string> failure;
    const auto connection = QObject::connect(&session, &Session::failed, &session,
        [&failure](const QString& message) { failure = message.toStdString(); });
    QEventLoop loop;
    QTimer poll;
    poll.start(5);
    while (!done() && !failure && !stop.stop_requested()) {
        QObject::connect(&poll, &QTimer::timeout, &loop, &QEventLoop::quit, Qt::UniqueConnection);
        loop.exec();
    }
    QObject::disconnect(connection);
    if (failure)
        throw Error(*failure);
    if (stop.stop_requested())
        throw Interrupted();
}

/// --window-length, where it is given.
std::optional<int> chosenWindowLength(const Arguments& arguments)
{
    if (!arguments.has("--window-length"))
        return std::nullopt;
    return static_cast<int>(
        arguments.integer("--window-length", 0, 1, std::numeric_limits<int>::max()));
}

/// In the window a length beyond the pair's context becomes the context; what a script asks for is
/// done or refused. The models must be there.
void applyWindowLength(int length, Session& session)
{
    const ModelPair& models = session.models();
    for (const ModelPointer& model : { models.lstm, models.attention }) {
        const int context = model->shape.context;
        if (context > 0 && length > context) {
            throw wrongValue("--window-length", std::to_string(length),
                "a whole number from 1 to " + std::to_string(context) + ", the context of "
                    + model->name);
        }
    }
    Settings settings = session.settings();
    settings.windowLength = length;
    session.setSettings(settings);
}

std::string frameFileOf(const std::string& pattern, int number)
{
    if (auto file = frameFile(pattern, number))
        return *file;
    throw wrongValue("-o", pattern,
        "a name with one number in it, as in steps-%04d.png, or with none: steps.png");
}

/// A picture for each moment, whole or not at all.
void writeFrames(const std::string& pattern, int frames, const PictureSource& picture,
    PlaybackClock& clock, const std::stop_token& stop)
{
    for (int frame = 0; frame < frames; ++frame) {
        if (stop.stop_requested())
            throw Interrupted();
        const double share = frames > 1 ? double(frame) / (frames - 1) : 0;
        clock.setTime(share * clock.duration());
        QApplication::processEvents();
        OutputFile file(frameFileOf(pattern, frame + 1));
        file.commit(contents(pattern, picture, {}));
    }
}

void render(const Arguments& arguments, const std::string& path, const std::string& text,
    const std::stop_token& stop)
{
    const int number = chosenView(arguments);
    const std::optional<double> time = chosenTime(arguments);
    const int frames = chosenFrames(arguments);
    std::optional<OutputFile> file; // one picture; frames are opened as they come
    if (frames == 0)
        file.emplace(path);
    else
        OutputFile(frameFileOf(path, 1)); // whether it can be written to is told at once
    withSessionSettings({}, arguments); // wrong ones are told before there is a window
    const auto brokenLink = chosenBrokenLink(arguments);
    const std::optional<int> windowLength = chosenWindowLength(arguments);
    const auto head = chosenHead(arguments);
    const SessionArguments forSession = sessionArguments(arguments);
    Session session;
    MainWindow window(session);
    addWorkspaces(window, session);
    Workspace* workspace = window.workspace(number);
    requireKnownEnding(path, frames > 0 ? std::vector<DataFormat>() : formatsOf(*workspace));
    const auto choices = chosenInPicture(arguments, workspace->pictureChoices());
    if (frames > 0 && !workspace->clock())
        throw UsageError("--frames: no time passes in the view " + arguments.text("--view"));
    ViewSettings view = window.viewSettings();
    view.theme = chosenTheme(arguments, "light");
    window.setViewSettings(view);
    window.resize(chosenSize(arguments).value_or(usualSize));
    window.showWorkspace(number);
    window.show();
    window.setFocus(); // no caret in the picture
    session.setText(text);
    apply(forSession, session);
    waitFor(session, stop, [&session] { return session.models().lstm != nullptr; });
    session.setSettings(withSessionSettings(session.settings(), arguments));
    if (windowLength)
        applyWindowLength(*windowLength, session);
    if (head)
        applyHead(*head, session);
    for (const std::function<void()>& choose : choices)
        choose();
    waitFor(session, stop, [&session] { return session.run() && !session.busy(); });

    session.selection().pinToken(tokenToPin(brokenLink, session.tokenized()->window));
    workspace->startForPicture();
    waitFor(session, stop, [workspace] { return workspace->complete(); });
    waitFor(session, stop, [&session] { return !session.busy(); }); // it may plan a broken link
    if (frames > 0)
        return writeFrames(
            path, frames, pictureSource(arguments, window), *workspace->clock(), stop);
    if (PlaybackClock* clock = workspace->clock())
        clock->setTime(time.value_or(clock->duration() / 2));
    QApplication::processEvents();
    const PictureSource picture = pictureSource(arguments, window);
    waitFor(session, stop, [workspace] { return workspace->complete(); }); // in that size, too
    file->commit(contents(path, picture, formatsOf(*workspace)));
}

int runRender(const Arguments& arguments, std::stop_token stop)
{
    if (!arguments.has("-o"))
        throw UsageError("no file to write: name it with -o");
    const std::string path = arguments.text("-o");
    const std::string text = openingText(arguments);
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const auto application = makeApplication();
    render(arguments, path, text, stop);
    return 0;
}

std::vector<Option> renderOptions()
{
    std::vector<Option> options {
        { "--view", "VIEW", "steps, attention, lstm, threads, race or training (default: steps)" },
        { "--text", "TEXT", "the text both models read" },
        { "--text-file", "FILE", "file that holds the text" },
        { "--model", "NAME|DIR",
            "a bundled pair or model (see timestep models), or a model folder; two make a pair "
            "(default: the bundled pair)",
            Option::Takes::Values },
        { "--window-length", "N",
            "tokens in use at most, up to the models' context (default: 1024)" },
        { "--size", "WxH",
            "pixels of the window (default: 1600 wide, and 900 high or as high as all of the "
            "workspace needs)" },
        { "--whole", "",
            "the workspace of that window alone, with its sentence: all of it, without controls, "
            "as Ctrl+E saves it",
            Option::Takes::Nothing },
        { "--theme", "THEME", "light or dark (default: light)" },
        { "--head", "L,A",
            "attention: layer and head that are shown, from 1 (default: one that "
            "clearly reads what followed before or the token before)" },
        { "--choose", "NAME=VALUE",
            "what is chosen in a picture of attention or race, any number of times; see below",
            Option::Takes::Values },
        { "--time", "TIME",
            "where the clock stands, in units of the plan, for threads in ms (default: in the "
            "middle)" },
        { "--frames", "N", "an animation of steps or threads as N numbered pictures" },
        { "-o", "FILE",
            "the picture, by its ending a .png, .svg or .pdf; or the numbers behind it: .csv, "
            ".json, of threads "
            ".chrome.json and .lanes.csv, of lstm .strip.csv (the strip below the picture), of "
            "race a "
            "report: .html or .report.pdf" },
    };
    const std::vector<Option> settings = sessionSettingOptions();
    options.insert(options.end() - 2, settings.begin(), settings.end());
    return options;
}

} // namespace

Command renderCommand()
{
    return { .name = "render",
        .purpose = "Paints a workspace of the window to a picture, without a display",
        .options = renderOptions(),
        .notes = renderNotes,
        .run = runRender };
}

} // namespace timestep
