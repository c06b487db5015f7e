// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/samples.h"

#include "engine/error.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace timestep {

namespace {

QByteArray readAll(const std::filesystem::path& path)
{
    QFile file(QString::fromStdString(path.string()));
    if (!file.open(QIODevice::ReadOnly)) {
        throw Error("cannot read " + path.string() + ": " + file.errorString().toStdString()
            + "; see whether the file is there");
    }
    return file.readAll();
}

} // namespace

std::vector<Sample> readSamples(const std::filesystem::path& folder)
{
    const std::filesystem::path index = folder / "index.json";
    if (!std::filesystem::exists(index))
        return {};
    QJsonParseError error {};
    const QJsonDocument document = QJsonDocument::fromJson(readAll(index), &error);
    if (!document.isArray()) {
        throw Error(index.string() + ": expected a list of samples, found "
            + (document.isNull() ? error.errorString().toStdString() : "something else")
            + "; restore the file");
    }
    std::vector<Sample> samples;
    for (const QJsonValue& entry : document.array()) {
        const QJsonObject sample = entry.toObject();
        samples.push_back({ sample[QStringLiteral("title")].toString(),
            sample[QStringLiteral("purpose")].toString(), sample[QStringLiteral("pair")].toString(),
            folder / sample[QStringLiteral("file")].toString().toStdString() });
    }
    return samples;
}

std::vector<Sample> samplesOf(const std::string& pair, const std::filesystem::path& folder)
{
    std::vector<Sample> samples = readSamples(folder);
    std::erase_if(
        samples, [&pair](const Sample& sample) { return sample.pair.toStdString() != pair; });
    return samples;
}

std::string sampleText(const Sample& sample) { return readAll(sample.file).toStdString(); }

} // namespace timestep
