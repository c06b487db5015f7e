// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/data_format.h"
#include "ui/views/picture_choice.h"

#include <QString>
#include <QWidget>

#include <vector>

namespace timestep {

class PlaybackClock;

/// What its number of workers is, beside rows and sub-batches.
enum class Workers
{
    Imagined, // of a plan
    Threads, // of this machine
};

/// One picture with its controls, in a tab of its own. Above it the window shows `sentence`, what
/// the picture means, written from its numbers.
class Workspace : public QWidget
{
    Q_OBJECT
public:
    using QWidget::QWidget;

    virtual QString title() const = 0; // of its tab, translated
    virtual QString sentence() const = 0;
    /// The same for a low window: three lines of it at most.
    virtual QString briefSentence() const { return sentence(); }
    /// Whether that is enough in a window of middle height, too: what it leaves out stands below.
    virtual bool briefIsEnough() const { return false; }
    /// What the window's keys of time play and move; null: no time passes in it.
    virtual PlaybackClock* clock() { return nullptr; }
    virtual Workers workers() const { return Workers::Imagined; }
    virtual bool showsPlan() const { return false; } // and so what can be changed of it alone
    /// Of a picture with a clock its transport; null: none. Ownership goes to the window.
    virtual QWidget* bottomBar() { return nullptr; }

    /// For a picture on paper, where nothing can be scrolled, clicked or waited for: all of it is
    /// laid out at once, hints at what can be done go, and what is drawn is drawn at once. Controls
    /// are left to WholePicture.
    virtual void setForPicture(bool /*forPicture*/) { }
    /// What its controls are set to and the picture does not say anyway, for a picture without
    /// them: "reading · 32 rows in 4 sub-batches". Empty: nothing.
    virtual QString choicesText() const { return {}; }

    /// What it can write beside its picture: the numbers that are shown now.
    virtual std::vector<DataFormat> dataFormats() const { return {}; }
    /// For a picture without a user: its report, whose own pictures are painted when this is
    /// called.
    virtual std::vector<DataFormat> reportFormats() const { return {}; }
    /// Keys of pictures that have such things.
    virtual void toggleCriticalPath() { }
    virtual void toggleDependencies() { }
    /// Pins what the mouse or the cursor is over, where that is more than a token: false.
    virtual bool pinPointed() { return false; }

    /// The keys { }: a layer of its own. False: it has none.
    virtual bool stepLayer(int /*direction*/) { return false; }
    /// Esc, where nothing is pinned: takes back what is chosen in this picture alone. False: there
    /// was nothing.
    virtual bool clearOwn() { return false; }

    /// For a picture without a user: what can be chosen in it.
    virtual std::vector<PictureChoice> pictureChoices() { return {}; }
    /// For a picture without a user: starts what a user would start (a race its measuring).
    virtual void startForPicture() { }
    /// Whether everything it was started for is shown.
    virtual bool complete() const { return true; }

signals:
    void sentenceChanged();
};

} // namespace timestep
