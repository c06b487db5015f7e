// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/unit_search.h"
#include "ui/session/latest_job.h"
#include "ui/views/lstm_picture.h"

#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

class QComboBox;
class QLabel;
class QSlider;

namespace timestep {

/// What is searched for: units of a layer that are on over a span of steps.
struct UnitSearch
{
    LstmPicturePointer picture; // never null
    std::optional<IndexRange> span; // empty: nothing is searched for
    LstmQuantity quantity = LstmQuantity::Hidden;
    UnitThreshold threshold;
    bool onlyThere = false; // and off just before and after
    bool operator==(const UnitSearch& other) const;
};

struct FoundUnits
{
    UnitSearch search;
    std::vector<int> units; // ascending
    std::vector<int> countsOn; // (T): how many of them are on
    std::vector<IndexRange> elsewhere; // where at least half of them are on, in text
                                       // order, beside the brushed tokens

    bool everywhere() const; // at all tokens but the brushed ones, and there are such

    /// `search`: with a span.
    static FoundUnits of(const UnitSearch& search);
};

/// Finds units by what they do over the brushed span, and where else in the text they do it.
class UnitFinder : public QWidget
{
    Q_OBJECT
public:
    explicit UnitFinder(QWidget* parent = nullptr);

    void setPicture(const LstmPicturePointer& picture);
    void setSpan(std::optional<IndexRange> span);
    const FoundUnits& found() const { return *m_found; }
    bool complete() const { return m_complete; }
    /// Its labels wrap, but that must not make its preferred height the least there may be.
    bool hasHeightForWidth() const override { return false; }

    /// Nothing where nothing is brushed.
    void setForPicture(bool forPicture);
    QString conditionText() const; // "on: h above 0.18"

signals:
    void foundChanged();
    void placeWanted(timestep::IndexRange span); // one of those elsewhere

protected:
    void customEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void fitLabels();
    void fitThreshold();
    void search();
    void take(std::shared_ptr<const FoundUnits> found);
    void showFound();
    void followLink(const QString& link);

    UnitSearch m_search;
    std::shared_ptr<const FoundUnits> m_found; // never null
    bool m_complete = true;
    QComboBox* m_quantity;
    QComboBox* m_side;
    QSlider* m_threshold;
    QLabel* m_thresholdText;
    QLabel* m_summary;
    QLabel* m_places;
    LatestJob m_lane; // last: it stops before the rest goes
};

} // namespace timestep
